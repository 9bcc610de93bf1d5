#!/bin/sh
# What one program merges is seen by the other one, which takes it off; and by services, wherever they look from.
. ./lib.sh

extension vm-directory </dev/null
extension vm-image </dev/null
mksquashfs "$work/vm-image" "$work/vm-image.raw" -quiet -no-progress >/dev/null
install_extensions "$work/vm-directory" "$work/vm-image.raw"

# A service with a mount namespace of its own that is there before.
systemd-run --quiet --unit=vm-before --property=PrivateMounts=yes sleep infinity
before=$(systemctl show --property=MainPID --value vm-before.service)

has_files() {
  has "from vm-directory" cat /usr/share/vm/vm-directory && has "from vm-image" cat /usr/share/vm/vm-image
}

same_status() {
  status=$(systemd-sysext status --no-pager)
  # As a table: JSON of ours has more keys.
  is "$status" "$(sysext status)" && has vm-directory echo "$status" && has vm-image echo "$status"
}

# merged_by PROGRAM : it merges, and everyone sees it.
merged_by() {
  check "$1 merges a directory and a squashfs image" "$1" merge
  check "$1: the files of both are there" has_files
  check "$1: the merge is on a shared mount" has shared findmnt --noheadings --output PROPAGATION /usr
  check "$1: both programs say the same about it" same_status
  check "$1: a service with mounts of its own sees it" \
    has "from vm-image" systemd-run --quiet --wait --pipe --property=ProtectSystem=strict cat /usr/share/vm/vm-image
  check "$1: one that was there before sees it" has "from vm-image" nsenter --target "$before" --mount cat /usr/share/vm/vm-image
}

# taken_off_by PROGRAM
taken_off_by() {
  check "$1 takes it off" has "Unmerged '/usr'." "$1" unmerge
  check "$1: nothing of it is there any more" fails test -e /usr/share/vm
  check "$1: nor for the service that was there before" fails nsenter --target "$before" --mount test -e /usr/share/vm
}

merged_by sysext
taken_off_by systemd-sysext
merged_by systemd-sysext
# Their records of it are different, so each takes the other's for a change.
check "sysext refreshes it" has "Merged extensions into '/usr'." sysext refresh
check "sysext: both programs say the same about what it refreshed" same_status
taken_off_by sysext

systemctl stop vm-before.service
remove_extensions
done_checking
