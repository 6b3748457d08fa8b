#!/bin/sh
# Applies what has been merged; safe to run every minute, on several machines:
#
#   * * * * * DATABASE_URL=postgres://owner@db/app /opt/schema/apply.sh /opt/schema
#
# An applier takes a lock in the database; another one waits a moment and then
# finds nothing to do. In sync, nothing is printed and nothing is locked.
set -eu
cd "$1"
[ ! -d .git ] || git pull -q --ff-only
trueup apply -f sql/ --lock-timeout 5s --lock-wait 30s
