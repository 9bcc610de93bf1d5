#!/usr/bin/env bash
# Makes the disk of the virtual machine (scripts/vm.sh): a Debian with a current systemd as PID 1, device mapper, and
# what makes images.
#
#   scripts/vm-disk.sh
#
# It lands in .cache/vm/SUITE-RECIPE, with its kernel, once and whole; says where that is. The suite is forky, or sid
# where the mirror has no forky any more. The recipe is the text of this file.
# Exit status: 0 it is there, 1 it could not be made, 77 it cannot be made here, for a reason that one line says.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

readonly CACHE=.cache/vm SUITES='forky sid'
# systemd as PID 1, a kernel with its modules, what starts the machine anew, then what makes and opens images.
readonly INCLUDE=systemd-sysv,udev,dbus,kmod,linux-image-cloud-amd64,initramfs-tools,kexec-tools,libcryptsetup12,cryptsetup-bin,dmsetup,openssl,e2fsprogs,fdisk,squashfs-tools,erofs-utils,systemd-repart
# The kernel asks for one of several makers of an initrd, of which debootstrap would take the first.
readonly EXCLUDE=dracut
# A debootstrap older than the suite has no script for it; all Debian suites of these years share the one of sid.
readonly SCRIPT=/usr/share/debootstrap/scripts/sid

# Units that cost time under emulation and change nothing for what is tested, or that would get in the way.
readonly UNWANTED=(
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
  getty@.service serial-getty@.service systemd-ask-password-console.path systemd-ask-password-wall.path
  systemd-logind.service systemd-logind-varlink.socket systemd-random-seed.service
  kexec.service kexec-load.service
  # Loads drivers for all devices that are there from the start. What appears later has its events.
  systemd-udev-trigger.service
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount dev-mqueue.mount
  sys-fs-fuse-connections.mount modprobe@efi_pstore.service systemd-user-sessions.service systemd-journal-flush.service
)
# The same for generators, which run whenever the manager reads its files again.
readonly UNWANTED_GENERATORS=(debug factory-reset getty gpt-auto hibernate-resume run ssh system-update)

# The machine's part of a test run: it mounts the second disk and runs what is there. Whatever becomes of that, it is all.
write_unit() {
  cat >"$1/etc/systemd/system/sysext-vm.service" <<'UNIT'
[Unit]
Description=Runs the scripts on the second disk

[Service]
# Not a part of the start of the machine, which the scripts wait for.
Type=exec
ExecStart=/bin/sh -c 'modprobe virtio_blk && mount -o ro /dev/vda /srv && /srv/run; exec systemctl poweroff --force --force'
StandardOutput=null
StandardError=journal+console
WorkingDirectory=/
TimeoutStopSec=5

[Install]
WantedBy=multi-user.target
UNIT
  ln -s ../sysext-vm.service "$1/etc/systemd/system/multi-user.target.wants/"
}

configure() {
  local unit generator
  write_unit "$1"
  for unit in "${UNWANTED[@]}"; do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
  done
  mkdir -p "$1/etc/systemd/system-generators"
  for generator in "${UNWANTED_GENERATORS[@]}"; do
    ln -s /dev/null "$1/etc/systemd/system-generators/systemd-$generator-generator"
  done
  echo sysext-vm >"$1/etc/hostname"
  mkdir -p "$1/etc/systemd/journald.conf.d"
  printf '[Journal]\nStorage=volatile\n' >"$1/etc/systemd/journald.conf.d/vm.conf"
  # A machine with an identity, up to date: systemd takes it for one that was started before.
  sha256sum <<<sysext-vm | cut -c -32 >"$1/etc/machine-id"
  rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/{doc,man,locale,info}/*
  touch "$1/etc/.updated" "$1/var/.updated"
}

# make_disk SUITE MIRROR DIRECTORY: leaves kernel and disk in the directory.
make_disk() {
  local tree=$work/tree
  printf '. %s\nEXCLUDE_DEPENDENCY="%s"\n' "$SCRIPT" "$EXCLUDE" >"$work/script"
  # A mount namespace of its own, so that nothing debootstrap mounts outlives it.
  unshare --mount debootstrap --variant=minbase --include="$INCLUDE" "$1" "$tree" "$2" "$PWD/$work/script" \
    >"$work/log" 2>&1 9>&- || {
    tail -n 20 "$work/log" >&2
    fail "debootstrap of $1 failed"
  }
  # Starting from an NVMe disk takes half the time, for there is no initrd.
  grep -q '/nvme\.ko$' "$tree"/usr/lib/modules/*/modules.builtin ||
    fail "the kernel of Debian $1 cannot start from an NVMe disk without an initrd"
  configure "$tree"
  rm -f "$tree"/boot/initrd*
  mkdir "$3"
  cp "$tree"/boot/vmlinuz-* "$3/vmlinuz"
  mke2fs -q -t ext4 -d "$tree" "$3/disk" 4G >>"$work/log"
}

# Says where the disk is, if it is there.
found() {
  local suite
  for suite in $SUITES; do
    if [[ -e $CACHE/$suite-$recipe/disk ]]; then
      echo "$CACHE/$suite-$recipe"
      return 0
    fi
  done
  return 1
}

cannot() {
  echo "vm-disk.sh: no virtual machine here: $1" >&2
  exit 77
}

recipe=$(sha256sum scripts/vm-disk.sh | cut -c -12)
found && exit 0
[[ $(uname -m) == x86_64 ]] || cannot "its disk is made for x86-64"
((EUID == 0)) || cannot "making its disk needs root: sudo scripts/vm-disk.sh"
install_packages debootstrap=debootstrap mke2fs=e2fsprogs || true
mapfile -t missing < <(missing_packages debootstrap=debootstrap mke2fs=e2fsprogs)
((${#missing[@]} == 0)) || cannot "packages are missing (apt-get install ${missing[*]})"
[[ -e $SCRIPT ]] || cannot "debootstrap has no script $SCRIPT"

mkdir -p "$CACHE"
exec 9>"$CACHE/.lock"
flock 9
found && exit 0 # another run made it while this one waited
work=$(mktemp -d "$CACHE/.new.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP

for suite in $SUITES; do
  mirror=$(mirror_with "$suite" "$work/InRelease") || continue
  echo "vm-disk.sh: making a disk with Debian $suite, which takes some minutes ..." >&2
  make_disk "$suite" "$mirror" "$work/made"
  # Those of former recipes.
  find "$CACHE" -mindepth 1 -maxdepth 1 -type d -name "$suite-*" -exec rm -rf --one-file-system {} +
  mv "$work/made" "$CACHE/$suite-$recipe"
  found
  exit 0
done
cannot "none of apt's mirrors can be reached or has one of: $SUITES"
