#!/usr/bin/env bash
# Shows what sysext does, on this machine and without changing it: a program that is not installed appears in /usr,
# runs, and goes away without a trace. Everything is mounted in a private mount namespace.
#
#   npm run demo
#
# Works on a fresh clone, as root (all of it) and as an ordinary user (without disk images).
# Exit status: 0 if every step did what is said here, else 1.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

# What a variable of the caller changes would not be what is said here.
unset SYSTEMD_LOG_LEVEL SYSTEMD_OS_RELEASE SYSTEMD_SYSEXT_HIERARCHIES SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS

# How a person sees it: sentences, and commands with a prompt in front that tells where they run.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' plain=''
fi

title() {
  printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

tell() {
  printf '%s\n' "$@"
}

good() {
  printf '%sOK: %s%s\n' "$green" "$1" "$plain"
}

not_as_promised() {
  printf '%sNot as promised: %s%s\n' "$red" "$1" "$plain" >&2
  exit 1
}

show() {
  printf '%s%s%s\n' "$bold" "$1" "$plain"
}

# outside COMMAND... : runs a command of the machine, with the words as they are printed.
outside() {
  show "\$ $*"
  "$@"
}

# inside COMMAND... : runs a command in the namespace. Both of its outputs go to standard output, and into $said.
said=
inside() {
  show "inside \$ $*"
  local status=0
  said=$(enter "$@" 2>&1) || status=$?
  [[ -z $said ]] || printf '%s\n' "$said"
  return "$status"
}

# The namespace belongs to a process that lives as long as this script holds its standard input open. With a user
# namespace around it, an ordinary user may mount in it: overlays of directories, but no disk images.

namespace='' holder_input=''
unshare_user=() enter_user=()
if ! unshare --mount true 2>/dev/null; then
  unshare_user=(--user --map-root-user)
  enter_user=(--user --preserve-credentials)
fi

# Whether this is the root of the machine, and not that of a user namespace.
is_real_root() {
  ((EUID == 0 && ${#unshare_user[@]} == 0)) && [[ $(wc -l </proc/self/uid_map) == 1 ]] &&
    grep -qE '^ *0 +0 +4294967295$' /proc/self/uid_map
}

open_namespace() {
  local ready=
  # shellcheck disable=SC2016 # expanded by the shell in the namespace
  coproc HOLDER {
    exec unshare "${unshare_user[@]}" --mount --propagation private sh -c '
      set -e
      mount -t tmpfs -o mode=0755 tmpfs /run
      for directory in /etc/extensions /var/lib/extensions; do
        if [ -d "$directory" ]; then mount -t tmpfs -o mode=0755 tmpfs "$directory"; fi
      done
      mkdir /run/extensions
      echo ready
      exec cat' 2>"$work/namespace.log"
  }
  namespace=${HOLDER_PID:-} holder_input=${HOLDER[1]:-}
  [[ -z $holder_input ]] || read -r -t 30 ready <&"${HOLDER[0]}" || true
  [[ $ready != ready ]] || return 0
  cat "$work/namespace.log" >&2
  fail "this process may not make a mount namespace, so there is nowhere to merge safely.
Run the demo as root, in a container with --privileged, or where user namespaces are allowed."
}

# Runs in the directory $at.
at=/
enter() {
  nsenter --target "$namespace" "${enter_user[@]}" --mount --wd="$at" -- "$@"
}

close_namespace() {
  [[ -n $namespace ]] || return 0
  [[ -z $holder_input ]] || eval "exec $holder_input>&-"
  wait "$namespace" 2>/dev/null || true
  namespace='' holder_input=''
}

work=
clean_up() {
  local status=$?
  close_namespace
  [[ -z $work ]] || rm -rf --one-file-system "$work"
  exit "$status"
}

# What may be left of a merge: a mount of ours, or a loop device of an image.

mounts_of_ours() {
  grep -E " - (overlay|tmpfs) (sysext|confext) | ${work}[ /]" /proc/self/mountinfo || true
}

loop_devices_of_ours() {
  grep -ls "/$name-image.raw" /sys/block/loop*/loop/backing_file 2>/dev/null || true
}

mounts_inside() {
  enter cat /proc/self/mountinfo
}

is_inside() {
  enter test -e "$1"
}

# The program: a small one that is not installed here. Sets $name, $program and $tree.

unpack_package() {
  local deb
  show "\$ apt-get download $1"
  (cd "$work" && timeout 120 apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=1 \
    -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 download "$1") >"$work/apt.log" 2>&1 || return 1
  deb=$(find "$work" -maxdepth 1 -name "$1_*.deb" -print -quit)
  [[ -n $deb ]] || return 1
  show "\$ dpkg-deb --extract ${deb##*/} tree"
  dpkg-deb --extract "$deb" "$work/tree"
}

# The packages have one small program each, named like the package.
choose_package() {
  local package
  for package in hello tree; do
    if [[ ! -e /usr/bin/$package ]] && ! have "$package"; then
      name=$package program=/usr/bin/$package
      return 0
    fi
  done
  return 1
}

get_program() {
  tree=$work/tree
  if have_apt && choose_package; then
    tell "It is the Debian package $name, which is not installed here. Its files are unpacked, nothing is installed."
    if ! apt_has_lists && ((EUID == 0)); then
      tell "(apt-get has no package lists yet, so they are fetched first.)"
      show "\$ apt-get update"
      timeout 300 apt-get -qq update >/dev/null 2>&1 || true
    fi
    unpack_package "$name" && return
    tell "It could not be fetched, so a small shell script takes its place."
  else
    tell "There is no Debian package to take it from, so it is a small shell script."
  fi
  name=sysext-demo-program program=/usr/bin/sysext-demo-program
  [[ ! -e $program ]] || fail "$program is in the way"
  rm -rf "$tree"
  mkdir -p "$tree/usr/bin"
  printf '#!/bin/sh\necho "Hello from %s."\n' "$program" >"$tree$program"
  chmod 755 "$tree$program"
  outside cat "$tree$program"
}

run_program() {
  # Without an argument, tree(1) would show all files of the machine.
  if [[ $name == tree ]]; then
    inside "$program" -L 1 /run/extensions
  else
    inside "$program"
  fi
}

# write_release DIRECTORY NAME LINE... : the file that says which system an extension is made for.
write_release() {
  local directory=$1/usr/lib/extension-release.d file=extension-release.$2
  mkdir -p "$directory"
  printf '%s\n' "${@:3}" >"$directory/$file"
}

# The host's own ID and VERSION_ID, as lines. Rolling releases have no VERSION_ID.
host_release() (
  ID='' VERSION_ID=''
  # shellcheck source=/dev/null
  source "$(test -e /etc/os-release && echo /etc/os-release || echo /usr/lib/os-release)"
  echo "ID=$ID"
  [[ -z $VERSION_ID ]] || echo "VERSION_ID=$VERSION_ID"
)

# Disk images need root, for loop devices, and a program to make them with.
choose_kinds() {
  with_image=no
  tell ""
  if ! is_real_root; then
    tell "You are not the machine's root. In a user namespace the kernel lets you merge directories, but not mount" \
      "disk images, so there is no squashfs image in this run."
  elif [[ ! -e /dev/loop-control ]]; then
    tell "There are no loop devices here, which disk images need, so there is no squashfs image in this run."
  elif have mksquashfs; then
    with_image=yes
  else
    tell "mksquashfs is not installed; trying to install it (Debian package squashfs-tools) ..."
    install_packages mksquashfs=squashfs-tools || true
    if have mksquashfs; then
      with_image=yes
    else
      tell "It is not to be had, so there is no squashfs image in this run."
    fi
  fi
}

make_extensions() {
  local release
  mapfile -t release < <(host_release)
  cp -a "$tree" "$work/$name"
  mkdir -p "$work/$name/usr/share/sysext-demo"
  echo "I come from a directory." >"$work/$name/usr/share/sysext-demo/note"
  write_release "$work/$name" "$name" "${release[@]}"
  tell "" "A directory with the files, and one file more: its release file says which system it is made for."
  (cd "$work" && outside ls "$name/usr/bin" "$name/usr/lib/extension-release.d")
  (cd "$work" && outside cat "$name/usr/lib/extension-release.d/extension-release.$name")

  choose_kinds
  if [[ $with_image == yes ]]; then
    cp -a "$tree" "$work/image"
    mkdir -p "$work/image/usr/share/sysext-demo"
    echo "I come from a squashfs image." >"$work/image/usr/share/sysext-demo/note"
    write_release "$work/image" "$name-image" "${release[@]}"
    tell "The same as one file, a squashfs image. Only the note in it differs, so that we see whose file we get."
    (cd "$work" && outside mksquashfs image "$name-image.raw" -quiet -no-progress)
  fi

  write_release "$work/stranger" stranger "ID=another-os" "VERSION_ID=1"
  echo "never seen" >"$work/stranger/usr/stranger"
  tell "" "And one that is made for another system."
  (cd "$work" && outside cat stranger/usr/lib/extension-release.d/extension-release.stranger)
}

install_extensions() {
  local names=("$name" stranger)
  [[ $with_image == no ]] || names+=("$name-image.raw")
  at=$work inside cp -a "${names[@]}" /run/extensions/
}

title "sysext: programs appear in /usr, and go away again"
tell "This takes a program that is not installed on this machine, merges it into /usr as a system extension," \
  "runs it from there, and takes it off again. Your own /usr is not touched: all of that happens in a private" \
  "mount namespace, which is a mount table that only this demo sees."

title "1. The program sysext itself"
[[ -e node_modules ]] || tell "This is a fresh clone, so it is built first: npm ci && npm run build"
ensure_program
PATH="$PWD/bin:$PATH"
outside sysext --version

work=$(mktemp -d "${TMPDIR:-/tmp}/sysext-demo.XXXXXX")
chmod 755 "$work"
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

title "2. A program to extend /usr with"
get_program
[[ -x $tree$program ]] || not_as_promised "there is no $program in the unpacked files"
before=$(mounts_of_ours)

title "3. Extensions made of it"
make_extensions

title "4. A private mount namespace"
tell "Extensions are looked for in /etc/extensions, /run/extensions and /var/lib/extensions. In the namespace all" \
  "three are empty: /run is a tmpfs of its own. To install an extension is to copy it there."
show "\$ unshare ${unshare_user[*]:+${unshare_user[*]} }--mount --propagation private"
open_namespace
enter sysext --log-level=err unmerge # what this machine has merged itself; only this namespace's copy of it
install_extensions || not_as_promised "the extensions could not be copied"
clean=$(mounts_inside)

title "5. What is installed"
inside sysext list || not_as_promised "list failed"
[[ $said == *"$name"*directory* ]] || not_as_promised "list does not show the directory"
inside sysext status || not_as_promised "status failed"
! is_inside "$program" || not_as_promised "$program is there already"
good "$program is not there yet."

title "6. Merge"
inside sysext merge || not_as_promised "merge failed"
[[ $said == *"Merged extensions into '/usr'."* ]] || not_as_promised "merge did not say that /usr is merged"
[[ $said == *"Ignoring extension 'stranger'"*"it is for ID=another-os"* ]] ||
  not_as_promised "merge did not say why the stranger is ignored"
! is_inside /usr/stranger || not_as_promised "the stranger was merged"
good "what fits is merged; what does not fit is left out, with the reason and what to do about it."

title "7. The program runs from the merged /usr"
inside ls -l "$program" || not_as_promised "$program is not there"
run_program || not_as_promised "$name failed"
[[ -n $said ]] || not_as_promised "$name printed nothing"
if [[ $with_image == yes ]]; then
  tell "" "Both extensions have a note at the same place. The last one in version order is the top layer and wins:"
  inside cat /usr/share/sysext-demo/note
  [[ $said == "I come from a squashfs image." ]] || not_as_promised "the wrong layer is on top"
fi

title "8. What is merged"
inside sysext status || not_as_promised "status failed"
[[ $said == *"/usr"*"$name"* ]] || not_as_promised "status does not show the merge"
inside sysext status --json=short || not_as_promised "status failed"
[[ $said == *"\"hierarchy\":\"/usr\",\"extensions\":[\"$name\""* ]] ||
  not_as_promised "the JSON does not show the merge"

title "9. Outside of the namespace nothing has changed"
show "\$ ls $program"
! ls "$program" 2>&1 || not_as_promised "$program is on this machine"
good "the machine's own /usr has no $program."

title "10. Unmerge"
inside sysext unmerge || not_as_promised "unmerge failed"
! is_inside "$program" || not_as_promised "$program is still there"
good "$program is gone."
inside sysext status || not_as_promised "status failed"
[[ $clean == "$(mounts_inside)" ]] || not_as_promised "the mount table of the namespace is not what it was"
good "the mount table is, line by line, what it was before the merge."

title "11. Nothing is left"
# The kernel gives a loop device back a moment after its last user.
for ((attempt = 0; attempt < 50; attempt++)); do
  [[ -n $(loop_devices_of_ours) ]] || break
  sleep 0.1
done
[[ -z $(loop_devices_of_ours) ]] || not_as_promised "a loop device is left: $(loop_devices_of_ours)"
good "no loop device is left."
close_namespace
[[ $before == "$(mounts_of_ours)" ]] || not_as_promised "a mount is left: $(mounts_of_ours)"
good "the machine has no mount of ours."
outside rm -rf --one-file-system "$work"
[[ ! -e $work ]] || not_as_promised "$work is still there"
work=
good "the temporary directory is gone."

title "Read on"
tell "README.md                how to make an extension of your own, and everyday use" \
  "docs/architecture.md     how the program works inside" \
  "docs/compatibility.md    what it does otherwise than systemd-sysext, and why"
printf '%s%s%s\n' "$dim" "npm test                 all checks, and the tests" "$plain"
