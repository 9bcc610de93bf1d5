#!/bin/sh
# What one program merges, the other one sees and takes off; and so do services, wherever they look from.
. ./lib.sh

extension vm-directory </dev/null
extension vm-image </dev/null
mksquashfs "$work/vm-image" "$work/vm-image.raw" -quiet -no-progress >/dev/null
install_extensions "$work/vm-directory" "$work/vm-image.raw"

# A service with a mount namespace of its own that was there before.
systemd-run --quiet --unit=vm-before --property=PrivateMounts=yes sleep infinity
before=$(systemctl show --property=MainPID --value vm-before.service)

merged_usr() {
  has "overlay" findmnt --noheadings --output FSTYPE /usr
  has "shared" findmnt --noheadings --output PROPAGATION /usr
}

same_status() {
  is "$(systemd-sysext status --json=short)" "$(sysext status --json=short)"
  has '"extensions":["vm-directory","vm-image"]' sysext status --json=short
}

fresh_service_sees() {
  has "from vm-image" systemd-run --quiet --wait --pipe "$@" cat /usr/share/vm/vm-image
}

# both_ways MERGES TAKES-OFF
both_ways() {
  check "$1 merges a directory and a squashfs image" "$1" merge
  check "$1: /usr is an overlay, seen everywhere" merged_usr
  check "$1: files of the directory are there" has "from vm-directory" cat /usr/share/vm/vm-directory
  check "$1: files of the image are there" has "from vm-image" cat /usr/share/vm/vm-image
  check "$1: both programs say the same about it" same_status
  check "$1: a service started later sees it" fresh_service_sees
  check "$1: a service with mounts of its own sees it" fresh_service_sees --property=ProtectSystem=strict
  check "$1: a service with mounts of its own, started before, sees it" \
    has "from vm-image" nsenter --target "$before" --mount cat /usr/share/vm/vm-image
  check "$2 leaves it alone if nothing has changed" has "no change was found" "$2" refresh
  check "$2 takes it off" has "Unmerged '/usr'." "$2" unmerge
  check "$1 merged, $2 took off: nothing of it is there any more" fails test -e /usr/share/vm
  check "$1 merged, $2 took off: the service started before does not see it any more" \
    fails nsenter --target "$before" --mount test -e /usr/share/vm
}

both_ways sysext systemd-sysext
both_ways systemd-sysext sysext

systemctl stop vm-before.service
remove_extensions
done_checking
