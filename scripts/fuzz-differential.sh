#!/usr/bin/env bash
# Compares the program with the original on generated trees and sequences of calls.
#
#   scripts/fuzz-differential.sh [--seed SEED] [--count COUNT]
#
# Prints the seed, and on a disagreement the smallest scenario that shows it. Needs root and what scripts/oracle.sh gets.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: $0 [--seed SEED] [--count COUNT]" >&2
  exit 2
}

seed=$((RANDOM * 32768 + RANDOM)) count=100
while (($# > 0)); do
  [[ $# -ge 2 && $2 =~ ^[0-9]+$ ]] || usage
  case $1 in
    --seed) seed=$2 ;;
    --count) count=$2 ;;
    *) usage ;;
  esac
  shift 2
done

echo "seed $seed, $count sequences"
SYSEXT_FUZZ_SEED=$seed SYSEXT_FUZZ_COUNT=$count exec bash scripts/jest.sh \
  --selectProjects=differential --testPathPatterns='differential/generated'
