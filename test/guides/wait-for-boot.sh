#!/bin/sh
# Waits until systemd is up, at most 60 s. Says what has failed if it is not.
set -u
inside() { nsenter --target=1 --mount --cgroup -- "$@"; }
tries=0
while [ "$tries" -lt 120 ]; do
  state=$(inside systemctl is-system-running 2>/dev/null)
  case $state in running) exit 0 ;; degraded) break ;; esac
  tries=$((tries + 1))
  sleep 0.5
done
echo "systemd is ${state:-not there}" >&2
inside systemctl --failed --no-pager >&2
exit 1
