#!/usr/bin/env bash
# Disturbs merge, refresh and unmerge at every point: each system call of the program that looks at a file, changes one or
# starts a program fails, or is killed before; each external program fails or is killed, or the program with it. The points
# are found with strace(1), in each of the surroundings of test/e2e/faults/scenarios.ts.
#
#   scripts/faults.sh [--seed SEED] [--share K/N] [--scenario NAME] [--node]
#
# All of it takes an hour; the Kth of N shares the Nth part of that. SEED says which points are in which share, and what is
# called afterwards. Prints the points that were found, and each disturbance after which something was not as it should.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

usage() {
  echo "usage: $0 [--seed SEED] [--share K/N] [--scenario NAME] [--node]" >&2
  exit 2
}

seed=1 share=1/1 scenario='' project=e2e-standalone
while (($# > 0)); do
  case $1 in
    --node)
      project=e2e-more
      shift
      continue
      ;;
    --seed) [[ ${2-} =~ ^[0-9]+$ ]] || usage ;;
    --share) [[ ${2-} =~ ^[1-9][0-9]*/[1-9][0-9]*$ ]] || usage ;;
    --scenario) [[ -n ${2-} ]] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --seed) seed=$2 ;;
    --share) share=$2 ;;
    --scenario) scenario=$2 ;;
  esac
  shift 2
done
((${share%/*} <= ${share#*/})) || usage

ensure_program
[[ $project = e2e-more ]] || ensure_standalone
echo "seed $seed, share $share"
SYSEXT_FAULTS_SEED=$seed SYSEXT_FAULTS_SHARE=$share SYSEXT_FAULTS_SCENARIO=$scenario exec bash scripts/jest.sh \
  --selectProjects="$project" --testPathPatterns='faults/every-point' --ci
