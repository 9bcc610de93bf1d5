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
echo "it is ${state:-not there}"
inside systemctl --failed --no-pager
exit 1
