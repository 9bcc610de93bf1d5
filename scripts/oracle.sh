#!/usr/bin/env bash
# Makes a Debian tree with a current systemd-sysext, which the differential tests compare with (test/differential).
#
#   scripts/oracle.sh [SUITE [NAME]]
#
# The tree lands in .cache/oracle/NAME (by default the name of the suite) once and whole; a second call finds it there.
# Without SUITE: forky, or sid where the mirror has no forky any more.
# Exit status: 0 it is there, 2 wrong call, 3 not root, 4 no mirror could be reached, 5 no debootstrap, 6 debootstrap failed.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

readonly INCLUDE=systemd,systemd-container,libcryptsetup12,squashfs-tools,erofs-utils,systemd-repart,cryptsetup-bin,dbus
# A debootstrap older than the suite has no script for it; all Debian suites of these years share the one of sid.
readonly SCRIPT=/usr/share/debootstrap/scripts/sid

fail() {
  echo "oracle.sh: $2" >&2
  exit "$1"
}

(($# <= 2)) || fail 2 "usage: scripts/oracle.sh [SUITE [NAME]]"
suites=("${1:-forky}")
(($# == 0)) && suites+=(sid)
names=("${2:-${suites[0]}}")
(($# == 0)) && names+=(sid)
[[ ${names[0]} =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail 2 "'${names[0]}' is no name for a directory of .cache/oracle"

# Says where the tree is, if it is there.
found() {
  local name
  for name in "${names[@]}"; do
    if [[ -x .cache/oracle/$name/usr/bin/systemd-sysext ]]; then
      echo ".cache/oracle/$name"
      return 0
    fi
  done
  return 1
}

found && exit 0
((EUID == 0)) || fail 3 "making the tree needs root: sudo scripts/oracle.sh"

mkdir -p .cache/oracle
exec 9>.cache/oracle/.lock
flock 9
found && exit 0 # another run made it while this one waited

lists=$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null || true)
if ! command -v debootstrap >/dev/null; then
  [[ -n $lists ]] || apt-get -qq update >&2 || true
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 install debootstrap >&2 ||
    fail 5 "debootstrap is missing and apt-get cannot install it"
fi
[[ -e $SCRIPT ]] || fail 5 "debootstrap has no script $SCRIPT"

work=$(mktemp -d .cache/oracle/.new.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT

for i in "${!suites[@]}"; do
  suite=${suites[i]}
  mirror=$(mirror_with "$suite" "$work/InRelease") || continue
  # A mount namespace of its own, so that nothing debootstrap mounts outlives it.
  unshare --mount debootstrap --variant=minbase --include="$INCLUDE" "$suite" "$work/tree" "$mirror" "$SCRIPT" \
    >"$work/log" 2>&1 9>&- || {
    tail -n 20 "$work/log" >&2
    fail 6 "debootstrap of $suite failed"
  }
  rm -rf "$work/tree/var/cache/apt/archives" "$work/tree/var/lib/apt/lists"
  mv "$work/tree" ".cache/oracle/${names[i]}"
  found
  exit 0
done
fail 4 "none of apt's mirrors can be reached or has ${suites[*]}"
