#!/bin/sh
# Ends with 0 if apt can fetch something here. Leaves nothing of it.
set -u
lists=$(mktemp -d)
apt-get -qq -o "Dir::State::lists=$lists" -o APT::Update::Error-Mode=any update >/dev/null 2>"$lists/errors"
status=$?
[ "$status" = 0 ] || echo "apt cannot fetch anything: $(tail -n 1 "$lists/errors")" >&2
rm -r "$lists"
exit "$status"
