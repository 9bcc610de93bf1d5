#!/usr/bin/env bash
# Makes the trees that test/container starts containers from, as they are run in continuous integration.
#
#   scripts/containers.sh NAME...
#
# NAME is a Debian suite, such as bookworm, trixie or sid; or `machine`: Debian 13 with systemd as PID 1, as on a server; or
# `busybox`: a small root like that of Alpine, with the mount, umount and sh of busybox in place of util-linux, but the C library of
# Debian, since the executable is made for that.
# Each lands in .cache/containers/NAME once and whole; a second call finds it there.
# Exit status: 0 all are there, 1 one could not be made, for a reason that one line says.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

readonly TREES=.cache/containers
# A debootstrap older than the suite has no script for it; all Debian suites of these years share the one of sid.
readonly SCRIPT=/usr/share/debootstrap/scripts/sid

# make_debian SUITE DIRECTORY [DEBOOTSTRAP-OPTION...]
make_debian() {
  local mirror
  mirror=$(mirror_with "$1" "$work/InRelease") || fail "none of apt's mirrors can be reached or has $1"
  # A mount namespace of its own, so that nothing debootstrap mounts outlives it.
  unshare --mount debootstrap --variant=minbase "${@:3}" "$1" "$2" "$mirror" "$SCRIPT" >"$work/log" 2>&1 9>&- || {
    tail -n 20 "$work/log" >&2
    fail "debootstrap of $1 failed"
  }
  rm -rf "$2"/var/cache/apt/archives "$2"/var/lib/apt/lists "$2"/usr/share/{doc,man,locale}
}

# make_busybox DIRECTORY
make_busybox() {
  local package applet
  apt_has_lists || apt_update || true
  for package in busybox-static libc6; do
    (cd "$work" && apt_quietly -o APT::Sandbox::User=root download "$package" >/dev/null 2>&1) ||
      fail "apt-get cannot download $package"
    dpkg-deb -x "$work/${package}_"*.deb "$work/$package"
  done
  mkdir -p "$1"/{bin,sbin,usr/bin,usr/lib,opt,etc,dev,proc,sys,run,tmp,root,var/lib}
  chmod 1777 "$1/tmp"
  cp "$work/busybox-static/bin/busybox" "$1/bin/"
  for applet in $("$1/bin/busybox" --list); do
    [[ $applet == busybox ]] || ln -s busybox "$1/bin/$applet"
  done
  cp -a "$work"/libc6/lib* "$1/"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$1/etc/passwd"
  printf 'NAME="A small root with busybox"\nID=alpine\nVERSION_ID=3.23.0\n' >"$1/etc/os-release"
}

(($# > 0)) || fail "usage: scripts/containers.sh NAME..."
((EUID == 0)) || fail "making the trees needs root: sudo scripts/containers.sh $*"
{ have_apt && have debootstrap && [[ -e $SCRIPT ]]; } || fail "apt-get, dpkg-deb and debootstrap are needed"

mkdir -p "$TREES"
exec 9>"$TREES/.lock"
flock 9
for name in "$@"; do
  [[ $name =~ ^[a-z]+$ ]] || fail "'$name' is no name for a tree"
  if [[ ! -d $TREES/$name ]]; then
    work=$(mktemp -d "$PWD/$TREES/.new.XXXXXX")
    trap 'rm -rf --one-file-system "$work"' EXIT
    case $name in
      busybox) make_busybox "$work/tree" ;;
      machine) make_debian trixie "$work/tree" --include=systemd-sysv,dbus ;;
      *) make_debian "$name" "$work/tree" ;;
    esac
    mv "$work/tree" "$TREES/$name"
    rm -rf --one-file-system "$work"
  fi
  echo "$TREES/$name"
done
