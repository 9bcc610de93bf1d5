#!/bin/sh
# PID 1 of a container: becomes systemd, which must change nothing of the machine below it.
set -eu
# Settings of the kernel, devices and terminals are the machine's own.
mount -o remount,ro,bind /proc/sys 2>/dev/null || { mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys; }
mount -o remount,ro /sys
for unit in console-getty getty@ getty@tty1 systemd-modules-load systemd-udevd systemd-udev-trigger; do
  ln -s /dev/null "/etc/systemd/system/$unit.service"
done
# systemd wants control groups of version 2, which an older machine has beside those of version 1.
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
  exec unshare --cgroup --mount sh -c '
    umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec /lib/systemd/systemd --log-target=console'
fi
exec /lib/systemd/systemd --log-target=console
