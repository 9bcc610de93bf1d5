#!/usr/bin/env bash
# Starts a virtual machine with systemd as PID 1 and a current systemd-sysext, and has it run scripts (test/vm).
#
#   scripts/vm.sh [NAME...]
#
# NAME is that of a script in test/vm/guest, without `.sh`; by default all are run. What they report goes to standard
# output: TAP, one subtest a script. Messages of this script go to standard error, those of the machine's kernel and
# systemd to .cache/vm/console.log. Nothing that the machine writes is kept.
#
# Variable: SYSEXT_VM_SECONDS, which the machine gets at most (900).
# Exit status: 0 it reported to the end, whatever the report says; 1 it did not; 2 wrong call; 77 this cannot be done
# here, for a reason that one line says.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

readonly CACHE=.cache/vm GUEST=test/vm/guest

wrong() {
  echo "vm.sh: $1" >&2
  exit 2
}

# pack NAME... : makes the second disk, with the scripts and the self-contained program. There is no Node in the machine:
# it would take seconds to start there.
pack() {
  local tree=$work/second
  mkdir -p "$tree/program"
  cp -r --parents "$STANDALONE" scripts units "$tree/program"
  cp "$GUEST"/* "$tree/"
  printf '%s.sh\n' "$@" >"$tree/scripts"
  mke2fs -q -t ext4 -O ^has_journal -d "$tree" "$work/second.ext4" 256M >/dev/null
}

# Starts the machine, shows what comes out of its second serial port, waits for its end.
run() {
  : >"$work/report"
  # The emulation does not survive that the kernel changes its own code while another processor runs it, as it does when
  # it finds its clock to be unreliable (an oops with "int3"): so one processor, and no doubts about the clock.
  # An old processor, because what newer ones have costs more to emulate than it saves.
  # Different kinds of disks, because the kernel numbers those of a kind in the order in which it finds them. What is
  # written to the first goes to a file in TMPDIR that has no name.
  TMPDIR=$PWD/$work timeout --kill-after=5 "${SYSEXT_VM_SECONDS:-900}" \
    qemu-system-x86_64 -accel tcg -cpu Nehalem -smp 1 -m 2048 -nodefaults -no-user-config -display none \
    -monitor none -kernel "$disk/vmlinuz" \
    -append "root=/dev/nvme0n1 rw console=ttyS0 panic=-1 mitigations=off audit=0 tsc=reliable systemd.show_status=auto" \
    -drive "file=$disk/disk,format=raw,if=none,id=first,snapshot=on" \
    -drive "file=$work/second.ext4,format=raw,if=none,id=second,readonly=on" \
    -device nvme,serial=1,drive=first -device virtio-blk-pci,drive=second -device virtio-rng-pci \
    -serial "file:$work/console" -serial "file:$work/report" </dev/null &
  machine=$!
  tail --lines=+1 --follow --pid="$machine" --sleep-interval=0.5 "$work/report" &
  local status=0
  wait "$machine" || status=$?
  machine=''
  wait
  mv "$work/console" "$CACHE/console.log"
  return "$status"
}

names=("$@")
((${#names[@]} > 0)) || mapfile -t names < <(find "$GUEST" -name '[0-9]*.sh' -printf '%f\n' | sort | sed 's/\.sh$//')
for name in "${names[@]}"; do
  [[ -f $GUEST/$name.sh ]] || wrong "there is no script $GUEST/$name.sh"
done
ensure_standalone >&2
disk=$(scripts/vm-disk.sh)
install_packages qemu-system-x86_64=qemu-system-x86 || true
if ! have qemu-system-x86_64; then
  echo "vm.sh: no virtual machine here: qemu is missing (apt-get install qemu-system-x86)" >&2
  exit 77
fi

work='' machine=''
clean_up() {
  if [[ -n $machine ]] && kill "$machine" 2>/dev/null; then wait "$machine" || true; fi
  [[ -z $work ]] || rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
work=$(mktemp -d "$CACHE/.run.XXXXXX")
pack "${names[@]}"
status=0
run || status=$?
readonly CONSOLE="its messages are in $CACHE/console.log"
((status != 124)) || fail "the machine did not end in time; $CONSOLE"
if ((status != 0)) || ! grep -q '^1\.\.' "$work/report"; then
  fail "the machine did not report to the end; $CONSOLE"
fi
