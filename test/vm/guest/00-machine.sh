#!/bin/sh
# The machine is what the other scripts need.
. ./lib.sh

check "systemd is PID 1" is systemd "$(cat /proc/1/comm)"
check "the machine is up, and no unit has failed" has running systemctl is-system-running
check "mounts are shared" is shared "$(findmnt --noheadings --output PROPAGATION /)"
check "/usr is not merged" fails findmnt /usr
check "the program is installed, and runs" sysext --version
check "so is the original" systemd-sysext --version
done_checking
