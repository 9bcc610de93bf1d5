#!/bin/sh
# Disk images with hash trees and signatures, where the kernel checks what it reads (dm-verity).
. ./lib.sh

modprobe dm_verity
key=$work/key.pem certificate=/etc/verity.d/vm.crt image=/run/extensions/vm-ddi.raw

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=vm -days 3650 -keyout "$key" -out "$work/vm.crt" 2>/dev/null
extension vm-ddi </dev/null
# Data far from what a mount reads, and with a place in it that can be found.
seq --format='vm-%06.0f' 1 60000 >"$work/vm-ddi/usr/share/vm/data"
systemd-repart --make-ddi=sysext --copy-source="$work/vm-ddi" --private-key="$key" --certificate="$work/vm.crt" \
  "$work/vm-ddi.raw" >/dev/null 2>&1
mkdir -p /run/extensions
cp "$work/vm-ddi.raw" "$image"

mapped() {
  dmsetup ls --target verity | grep -v '^No devices found'
}

# The kernel lets go of a device a moment after its last user.
none_mapped() {
  for _ in 1 2 3 4 5; do
    mapped || return 0
    sleep 1
  done
  return 1
}

protection_is() {
  has "\"protection\":\"$1\"" sysext status --json=short
}

# Without certificate.
check "without certificate the signature is not good, and the user is told" has "without signature" sysext merge
check "its protection is the hash tree" protection_is verity
check "the kernel checks it" has sysext- mapped
check "its files are there" cmp "$work/vm-ddi/usr/share/vm/data" /usr/share/vm/data
check "it is taken off" sysext unmerge
check "no device is left" none_mapped
check "a policy that asks for a signature refuses it" has "no certificate" \
  sh -c '! sysext merge --image-policy=root=signed 2>&1'
check "nothing is merged then" fails test -e /usr/share/vm

# With the certificate.
mkdir -p /etc/verity.d
cp "$work/vm.crt" "$certificate"
check "it is merged where it must be signed" sysext merge --image-policy=root=signed
check "its protection is the signature" protection_is signed
check "the original takes it off" systemd-sysext unmerge
check "no device of it is left" none_mapped
check "the original merges it where it must be signed" systemd-sysext merge --image-policy=root=signed
check "the kernel checks it then, too" has verity mapped
check "it is taken off" sysext unmerge
check "no device of the original is left" none_mapped
check "the script of plan merges it" scripted merge
check "the kernel checks it for the script" has sysext- mapped
check "its protection is the signature then" protection_is signed
check "its files are there then" cmp "$work/vm-ddi/usr/share/vm/data" /usr/share/vm/data
check "nothing is done anew after the script" has "no change was found" sysext refresh
check "the script of plan takes it off" scripted unmerge
check "no device of the script is left" none_mapped

# A bare file system, with what protects it in files beside it.
bare=/run/extensions/vm-bare.raw
extension vm-bare </dev/null
# With one block of data the root hash is the hash of that, and there would be no tree.
head -c 1000000 /dev/urandom >"$work/vm-bare/usr/share/vm/data"
rm "$image"
mksquashfs "$work/vm-bare" "$bare" -quiet -no-progress >/dev/null
veritysetup format --root-hash-file="${bare%.raw}.roothash" "$bare" "${bare%.raw}.verity" >/dev/null
openssl smime -sign -binary -noattr -nocerts -in "${bare%.raw}.roothash" -inkey "$key" -signer "$certificate" \
  -outform der -out "${bare%.raw}.roothash.p7s"
check "with files beside it, it is merged where it must be signed" sysext merge --image-policy=root=signed
check "the kernel checks that, too" has sysext- mapped
check "its protection is the signature in the file" protection_is signed
check "the original takes that off" systemd-sysext unmerge
check "no device of that is left" none_mapped

# refused_by_kernel FILE OFFSET : with another byte at that place. Nothing is merged, and nothing is left behind.
refused_by_kernel() {
  cp "$1" "$work/kept"
  byte=$(od -A n -t u1 -j "$2" -N 1 "$1")
  # shellcheck disable=SC2059 # an octal escape
  printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
  has "'vm-bare'" sh -c '! sysext merge 2>&1' && none_mapped && fails test -e /usr/share/vm
  refused=$?
  cp "$work/kept" "$1"
  return "$refused"
}

check "a changed hash tree is refused" refused_by_kernel "${bare%.raw}.verity" 4096
check "changed data is refused, if it is read" refused_by_kernel "$bare" 8
sed -i 'y/0123456789abcdef/123456789abcdef0/' "${bare%.raw}.roothash"
check "another root hash is refused" has "'vm-bare'" sh -c '! sysext merge 2>&1'
check "no device of a refused one is left" none_mapped
rm "${bare%.raw}".*
cp "$work/vm-ddi.raw" "$image"

# Damaged where only reading the file shows it.
offset=$(grep --byte-offset --only-matching --text vm-030000 "$image" | head -n 1 | cut -d : -f 1)
printf 'X' | dd of="$image" bs=1 seek="$offset" conv=notrunc status=none
check "a changed image is merged, if the change is not in what was read" sysext merge
check "and reading what was changed is an error" fails cat /usr/share/vm/data
check "it is taken off again" systemd-sysext unmerge
mkdir "$work/bin"
for program in flock mount umount getfattr; do
  ! path=$(command -v "$program") || ln -s "$path" "$work/bin/"
done
check "without veritysetup all of it is checked before, and it is refused" has "is not what it was" \
  sh -c "! PATH=$work/bin /usr/local/bin/sysext merge 2>&1"
cp "$work/vm-ddi.raw" "$image"

# Killed when the devices are there and nothing is mounted yet.
mkdir "$work/killer"
cat >"$work/killer/mount" <<SCRIPT
#!/bin/sh
case " \$* " in *" -a "*) kill -9 "\$PPID"; exit 1 ;; esac
exec $(command -v mount) "\$@"
SCRIPT
chmod +x "$work/killer/mount"
PATH=$work/killer:$PATH sysext merge >/dev/null 2>&1
check "a call that was killed leaves its device" mapped
check "the next one takes it away" sysext unmerge
check "so no device is left" none_mapped

rm -r /etc/verity.d
remove_extensions
done_checking
