#!/usr/bin/env bash
# Plays random sequences of calls, some of which fail or are killed, and of changes to the extensions, and compares the machine
# with a small model of what should be merged.
#
#   scripts/test-model.sh [--seed SEED] [--count COUNT]
#
# Prints the seed and what was done, and on a disagreement the smallest sequence that shows it.
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

# With the executable where there is one: most of the time goes into starting the program.
project=e2e-more
[[ ! -x dist/sysext ]] || project=e2e-standalone
SYSEXT_MODEL_SEED=$seed SYSEXT_MODEL_COUNT=$count exec bash scripts/jest.sh \
  --selectProjects="$project" --testPathPatterns='e2e/model'
