#!/usr/bin/env bash
# Measures this program beside the original, and prints the tables of docs/performance.md; build/bench.json gets all figures.
#
#   npm run bench [-- --runs COUNT]
#
# Needs root, hyperfine, strace and time (Debian packages, installed if they can be), and an original: SYSEXT_ORACLE, a program or
# a Debian tree, or what scripts/oracle.sh makes. Programs run in a mount namespace of their own on trees in build/.
# Do nothing else on the machine meanwhile: what is measured is the time of whole processes.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

runs=20
if (($# > 0)); then
  [[ $# == 2 && $1 == --runs && $2 =~ ^[1-9][0-9]*$ ]] || { echo "usage: $0 [--runs COUNT]" >&2; exit 2; }
  runs=$2
fi
((EUID == 0)) || fail "mounting needs root"
ensure_program
ensure_standalone
install_packages hyperfine=hyperfine time=time strace=strace mksquashfs=squashfs-tools sfdisk=fdisk || true
for program in hyperfine mksquashfs sfdisk; do
  have "$program" || fail "$program is missing"
done

# Prints the words that start the original.
original_command() {
  local tree=${SYSEXT_ORACLE:-$(scripts/oracle.sh)} libraries
  if [[ -d $tree ]]; then
    tree=$(realpath "$tree")
    libraries=$(echo "$tree"/usr/lib/*-linux-gnu)
    echo "$(echo "$libraries"/ld-linux*.so.*) --library-path $libraries:$libraries/systemd $tree/usr/bin/systemd-sysext"
  else
    realpath "$tree"
  fi
}
original=$(original_command)
ours=$PWD/$STANDALONE
script="$(command -v node) $PWD/bin/sysext"

mkdir -p build
work=$(mktemp -d "$PWD/build/.bench.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

# tree NAME : a root without extensions.
tree() {
  mkdir -p "$work/$1"/{usr/lib,opt,etc,run,var/lib/extensions}
  printf 'ID=bench\nVERSION_ID=1\n' >"$work/$1/usr/lib/os-release"
}

# extension DIRECTORY NAME
extension() {
  mkdir -p "$1/usr/lib/extension-release.d" "$1/usr/share/bench"
  printf 'ID=bench\nVERSION_ID=1\n' >"$1/usr/lib/extension-release.d/extension-release.$2"
  echo "$2" >"$1/usr/share/bench/$2"
}

# directories COUNT
directories() {
  local number
  tree "directories-$1"
  for ((number = 1; number <= $1; number++)); do
    extension "$work/directories-$1/var/lib/extensions/e$number" "e$number"
  done
}

# images COUNT : the same as squashfs, bare and in a partition of a GPT.
images() {
  local number image
  tree squashfs
  tree gpt
  for ((number = 1; number <= $1; number++)); do
    extension "$work/content" "e$number"
    image=$work/squashfs/var/lib/extensions/e$number.raw
    mksquashfs "$work/content" "$image" -quiet -no-progress -all-root >/dev/null
    rm -r "$work/content"
    in_partition "$image" "$work/gpt/var/lib/extensions/e$number.raw"
  done
}

in_partition() {
  local size=$((($(stat --format=%s "$1") + 511) / 512))
  truncate --size=$(((2048 + size + 2048) * 512)) "$2"
  printf 'label: gpt\nstart=2048, size=%s, type=%s\n' "$size" "$(root_type)" | sfdisk --quiet "$2"
  dd if="$1" of="$2" bs=512 seek=2048 conv=notrunc status=none
}

# The type of a root partition for this machine (UAPI.2).
root_type() {
  case $(uname -m) in
  x86_64) echo 4f68bce3-e8cd-4db1-96e7-fbcaf984b709 ;;
  aarch64) echo b921b045-1df0-41c3-af44-4c6f280d3fae ;;
  *) fail "the type of a root partition for $(uname -m) is not known here" ;;
  esac
}

echo "Making trees" >&2
for count in 10 100 400; do directories "$count"; done
images 50

# Every figure of one call is in one file, whose name says what it is of.
cat >"$work/inside.sh" <<'INSIDE'
set -euo pipefail
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount --make-rshared /

# begin PROGRAM WORDS ROOT : brings a tree to where a call begins, other than by what is done before each run.
begin() {
  "$ours" unmerge "$3" >/dev/null 2>&1
  [[ $2 != refresh* && $2 != status ]] || $1 refresh "$3" >/dev/null 2>&1
}

# observed PREPARE ROOT WORD... : runs a program once, after the same preparation as each run that is measured.
observed() {
  local prepare=$1 root=$2
  shift 2
  [[ -z $prepare ]] || "$ours" "$prepare" "$root" >/dev/null 2>&1
  "$@" "$root" >/dev/null 2>&1 || echo "failed: $* $root" >&2
}

# measure NAME TREE RUNS WORDS PREPARE PROGRAM... : of each program in turn.
measure() {
  local name=$1 root=--root=$work/$2 runs=$3 words=$4 prepare=$5 program number=0 file
  shift 5
  echo "Measuring $name" >&2
  for program; do
    begin "$program" "$words" "$root"
    file=$name-$((number++))
    hyperfine --shell=none --style=none --warmup=2 --runs="$runs" ${prepare:+--prepare="$ours $prepare $root"} \
      --export-json="$work/result-$file.json" "$program $words $root" >/dev/null
    ! command -v strace >/dev/null ||
      observed "$prepare" "$root" strace --follow-forks --output="$work/trace-$file" $program $words
    [[ ! -x /usr/bin/time ]] ||
      observed "$prepare" "$root" /usr/bin/time --format=%M --output="$work/memory-$file" $program $words
  done
  "$ours" unmerge "$root" >/dev/null 2>&1
}

measure status directories-10 "$runs" status '' "$ours" "$script" "$original"
measure list directories-10 "$runs" list '' "$ours" "$script" "$original"
measure merge directories-10 "$runs" merge unmerge "$ours" "$script" "$original"
measure refresh directories-10 "$runs" 'refresh --always-refresh=yes' '' "$ours" "$script" "$original"
measure unmerge directories-10 "$runs" unmerge refresh "$ours" "$script" "$original"
measure merge-squashfs squashfs 5 merge unmerge "$ours" "$script" "$original"
measure merge-gpt gpt 5 merge unmerge "$ours" "$script" "$original"
measure merge-100 directories-100 "$runs" merge unmerge "$ours" "$script" "$original"
measure merge-400 directories-400 "$runs" merge unmerge "$ours" "$script"
INSIDE

# start NAME PROGRAM WORD... : what a call takes before the program can do anything.
start() {
  hyperfine --shell=none --style=none --warmup=2 --runs="$runs" --export-json="$work/result-start-$1.json" "${*:2}" >/dev/null
}

# start_of NAME : the same of an executable that Bun makes of a script, which comes on standard input.
start_of() {
  cat >"$work/$1.js"
  "$bun" build "$work/$1.js" --compile --format=esm --bytecode --no-compile-autoload-dotenv --no-compile-autoload-bunfig \
    --outfile "$work/$1" >/dev/null
  start "$1" "$work/$1"
}

echo "Measuring the runtime alone" >&2
bun=$(find_bun) || fail "the npm package bun has no program for this machine"
start_of nothing </dev/null
start_of files <<<"import { openSync } from 'node:fs'; import { join } from 'node:path'; if (process.argv[2]) openSync(join('/', process.argv[2]));"
start version "$ours" --version

# shellcheck disable=SC2016 # for the inner shell
env work="$work" ours="$ours" script="$script" original="$original" runs="$runs" unshare --mount bash "$work/inside.sh"
ORIGINAL=$original node scripts/bench-report.mjs "$work" build/bench.json
