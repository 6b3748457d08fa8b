#!/usr/bin/env bash
# The first five minutes with trueup, on a new SQLite file: a schema is created,
# changes, and the database follows. Needs bin/trueup (make build).
set -euo pipefail
cd "$(dirname "$0")"
trueup=${TRUEUP:-$PWD/../../bin/trueup}
[ -x "$trueup" ] || { echo "$trueup is not there: run make build first" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp ./*.sql "$tmp"
cd "$tmp"

bold= plain=
if [ -t 1 ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
title() { printf '%s# %s%s\n' "$bold" "$1" "$plain"; }
run() { printf '$ trueup %s\n' "$*"; "$trueup" "$@" 2>&1; }

title "A new database, made from a file of plain SQL"
run apply sqlite:shop.db -f schema.sql
if command -v sqlite3 >/dev/null; then # to see that rows stay
  printf '$ sqlite3 shop.db < rows.sql\n'
  sqlite3 shop.db < rows.sql
fi
title "The file changes. What does that take?"
run plan sqlite:shop.db -f schema-v2.sql
title "Do it: in one transaction, checked before the commit"
printf '$ trueup apply sqlite:shop.db -f schema-v2.sql >/dev/null\n'
"$trueup" apply sqlite:shop.db -f schema-v2.sql >/dev/null 2>&1
if command -v sqlite3 >/dev/null; then
  printf '$ sqlite3 shop.db "SELECT * FROM owed"\n'
  sqlite3 shop.db "SELECT * FROM owed"
fi
title "Again: nothing is left to do"
run plan sqlite:shop.db -f schema-v2.sql --check
echo "in sync"
