#!/usr/bin/env bash
# Reads changed disk images, programs, names and files of text, each in many ways broken, and sees that nothing but an answer
# comes out. What reaches code that nothing has reached before is kept, and changed again.
#
#   scripts/fuzz.sh [--seed SEED] [--count COUNT | --seconds SECONDS] [--target NAME] [--input FILE]
#
# COUNT inputs, or SECONDS, are shared among the targets of test/fuzz/targets. Prints the seed, inputs a second and, for a
# failure, the call that shows it again. What was found is in build/fuzz/found, and the next run goes on from there; what is
# worth it belongs into test/fuzz/corpus, which npm test reads.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

usage() {
  echo "usage: $0 [--seed SEED] [--count COUNT | --seconds SECONDS] [--target NAME] [--input FILE]" >&2
  exit 2
}

seed=$((RANDOM * 32768 + RANDOM)) count=100000 seconds='' target='' input=''
while (($# > 0)); do
  (($# >= 2)) || usage
  case $1 in
    --target) [[ $2 =~ ^[a-z-]+$ ]] || usage ;;
    --input) [[ -f $2 ]] || fail "there is no input '$2'" ;;
    *) [[ $2 =~ ^[0-9]+$ ]] || usage ;;
  esac
  case $1 in
    --seed) seed=$2 ;;
    --count) count=$2 ;;
    --seconds) seconds=$2 ;;
    --target) target=$2 ;;
    --input) input=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ -z $input || -n $target ]] || usage

bun=$(find_bun) || fail "the npm package bun has no program for this machine: $(uname -m)"
mkdir -p build/fuzz
"$bun" build test/fuzz/main.ts --target=node --outfile build/fuzz/main.mjs >/dev/null
"$bun" build test/fuzz/targets/index.ts --target=node --outfile build/fuzz/targets.mjs >/dev/null
[[ -n $input ]] || echo "seed $seed, $([[ -n $seconds ]] && echo "$seconds seconds" || echo "$count inputs")"
FUZZ_SEED=$seed FUZZ_COUNT=$count FUZZ_SECONDS=$seconds FUZZ_TARGET=$target FUZZ_INPUT=$input exec node build/fuzz/main.mjs
