#!/bin/sh
# The machine has device mapper, which this is the place to test with.
. ./lib.sh

check "the kernel has device mapper" modprobe dm_mod
check "dmsetup talks to it" dmsetup version

truncate --size=1M "$work/data"
root_hash=$(veritysetup format "$work/data" "$work/hashes" | sed -n 's/^Root hash:[[:space:]]*//p')
check "verity: a device can be opened" veritysetup open "$work/data" vm-verity "$work/hashes" "$root_hash"
check "verity: it can be read" cmp "$work/data" /dev/mapper/vm-verity
check "verity: it can be closed" veritysetup close vm-verity

sysext doctor >"$work/doctor"
check "doctor: directories can be merged" is 0 "$?"
check "doctor: finds device mapper" grep -E '^device mapper +encrypted images +fine +the kernel has it$' "$work/doctor"
check "doctor: finds the service manager" grep -E '^service manager +services +fine +systemd$' "$work/doctor"
check "doctor: finds no container" grep -E '^container +directories +fine +none' "$work/doctor"
done_checking
