#!/bin/sh
# Encrypted images: refused, unless there is a key for them.
. ./lib.sh

modprobe dm_crypt
keys=/etc/sysext/keys.d image=/run/extensions/vm-luks.raw
fast="--batch-mode --pbkdf=pbkdf2 --pbkdf-force-iterations=1000"

printf 'the right key' >"$work/right"
printf 'another key' >"$work/wrong"
extension vm-luks </dev/null
mksquashfs "$work/vm-luks" "$work/plain.squashfs" -quiet -no-progress >/dev/null
truncate --size=24M "$work/vm-luks.raw"
# shellcheck disable=SC2086 # several words
cryptsetup luksFormat $fast --key-file="$work/right" "$work/vm-luks.raw"
cryptsetup open --key-file="$work/right" "$work/vm-luks.raw" vm-luks
dd if="$work/plain.squashfs" of=/dev/mapper/vm-luks bs=4096 status=none
cryptsetup close vm-luks
mkdir -p /run/extensions "$keys"
cp "$work/vm-luks.raw" "$image"

crypt_devices() {
  dmsetup ls --target crypt | grep -v '^No devices found'
}

# The kernel lets go of a device a moment after its last user.
none_open() {
  for _ in 1 2 3 4 5; do
    crypt_devices || return 0
    sleep 1
  done
  return 1
}

# refused TEXT : with that in what it says, and nothing is left behind.
refused() {
  has "$1" sh -c '! sysext merge 2>&1' && none_open && fails test -e /usr/share/vm
}

check "without a key it is refused, and it is said where the key would be" refused "$keys/vm-luks.key"
cp "$work/wrong" "$keys/vm-luks.key"
check "with a wrong key it is refused" refused "cannot be opened with the key"
cp "$work/right" "$keys/vm-luks.key"
check "with its key it is merged" sysext merge
check "its files are there" has "from vm-luks" cat /usr/share/vm/vm-luks
check "its protection is encryption" has '"protection":"encrypted"' sysext status --json=short
check "a policy that asks for a signature refuses it" fails sysext refresh --image-policy=root=signed
check "then what was merged still is" has "from vm-luks" cat /usr/share/vm/vm-luks
check "it is taken off" systemd-sysext unmerge
check "no device is left" none_open
check "the script of plan merges it" scripted merge
check "its files are there then" has "from vm-luks" cat /usr/share/vm/vm-luks
check "the script of plan takes it off" scripted unmerge
check "no device of the script is left" none_open

# In a partition of a disk image.
mkdir "$work/definitions"
cat >"$work/definitions/10-root.conf" <<DEFINITION
[Partition]
Type=root
Format=squashfs
CopyFiles=/usr
Encrypt=key-file
DEFINITION
rm "$image"
systemd-repart --empty=create --size=auto --definitions="$work/definitions" --copy-source="$work/vm-luks" \
  --key-file="$work/right" --offline=yes "$image" >"$work/repart" 2>&1 || cat "$work/repart"
check "an encrypted partition is merged with its key" sysext merge
check "the files in it are there" has "from vm-luks" cat /usr/share/vm/vm-luks
check "it is taken off too" systemd-sysext unmerge
check "no device of it is left" none_open
rm "$keys/vm-luks.key"
check "without its key it is refused, and the partition is named" refused "partition 1"

rm -r /etc/sysext
remove_extensions
done_checking
