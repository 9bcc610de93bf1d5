#!/usr/bin/env bash
# Reads changed disk images, each in many ways broken, and sees that nothing but an answer comes out.
#
#   scripts/fuzz.sh [--seed SEED] [--count COUNT] [--target NAME] [--index INDEX]
#
# COUNT inputs are shared among the targets of test/fuzz/targets. Prints the seed, inputs a second and, for each failure,
# the call that shows it again: INDEX is the number of a single input.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: $0 [--seed SEED] [--count COUNT] [--target NAME] [--index INDEX]" >&2
  exit 2
}

seed=$((RANDOM * 32768 + RANDOM)) count=100000 target='' index=''
while (($# > 0)); do
  (($# >= 2)) || usage
  case $1 in
    --target) [[ $2 =~ ^[a-z-]+$ ]] || usage ;;
    *) [[ $2 =~ ^[0-9]+$ ]] || usage ;;
  esac
  case $1 in
    --seed) seed=$2 ;;
    --count) count=$2 ;;
    --target) target=$2 ;;
    --index) index=$2 ;;
    *) usage ;;
  esac
  shift 2
done

echo "seed $seed, ${index:+input $index of }$count inputs"
SYSEXT_FUZZ_SEED=$seed SYSEXT_FUZZ_COUNT=$count SYSEXT_FUZZ_TARGET=$target SYSEXT_FUZZ_INDEX=$index \
  exec bash scripts/jest.sh --selectProjects=unit --testPathPatterns='test/fuzz/'
