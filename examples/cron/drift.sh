#!/bin/sh
# Says when the database is not as the files say. From a crontab, whose mail
# goes to whoever is on call:
#
#   MAILTO=oncall@example.com
#   17 * * * * DATABASE_URL=postgres://reader@db/app /opt/schema/drift.sh /opt/schema/sql
#
# cron mails what is printed, and nothing is printed when all is well.
set -eu
schema=$1
report=$(mktemp)
trap 'rm -f "$report"' EXIT
# A plan is a dry run: in sync, it prints nothing at all.
trueup plan -f "$schema" --read-only --enable-drop > "$report"
if [ -s "$report" ]; then
  echo "The database differs from $schema. This would bring it back:"
  echo
  cat "$report"
  exit 2
fi
