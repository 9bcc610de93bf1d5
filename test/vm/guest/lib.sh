# shellcheck shell=sh
# What the scripts in the machine share. A script sources it, makes checks, and calls `done_checking` at its end.

set -u

# Both programs; the one under test is a part of the /usr that it merges.
# shellcheck disable=SC2034 # for the scripts
PROGRAMS="sysext systemd-sysext"

# A directory of this script alone, outside of all hierarchies; and one that outlives a restart of the machine.
work=/run/vm/$(basename "$0" .sh)
memory=/var/lib/vm
rm -rf "$work"
mkdir -p "$work"

# restart [WORD...] : the machine starts again, with these words on the kernel command line, and the script too, for
# which $VM_RESTARTS says how often that happened.
restart() {
  echo "$checks" >"$memory/checks"
  echo "$*" >"$memory/restart"
  exit 75
}

checks=0

# check TEXT COMMAND... : one line of TAP. What the command says is shown if it fails.
check() {
  check_text=$1
  shift
  checks=$((checks + 1))
  "$@" >"$work/said" 2>&1
  check_status=$?
  if [ "$check_status" = 0 ]; then
    echo "ok $checks - $check_text"
  else
    echo "not ok $checks - $check_text"
    { echo "status $check_status of: $*"; cat "$work/said"; } | sed 's/^/# /'
  fi
}

# skip TEXT REASON
skip() {
  checks=$((checks + 1))
  echo "ok $checks - $1 # SKIP $2"
}

done_checking() {
  check "leaves the machine as it was" left_as_it_was
  echo "1..$checks"
}

# Commands for `check`.

fails() {
  ! "$@"
}

# is WANTED FOUND
is() {
  [ "$1" = "$2" ] && return
  printf 'wanted: %s\nfound:  %s\n' "$1" "$2"
  return 1
}

# has TEXT COMMAND... : the command succeeds and its output has the text.
has() {
  has_text=$1
  shift
  has_said=$("$@" 2>&1) || { printf 'status %s\n%s\n' "$?" "$has_said"; return 1; }
  case $has_said in
  *"$has_text"*) ;;
  *) printf 'no "%s" in\n%s\n' "$has_text" "$has_said"; return 1 ;;
  esac
}

# scripted WORD... : what `plan WORD...` prints as a shell script, and that carried out.
scripted() {
  sysext plan "$@" --format=sh >"$work/plan.sh" && sh "$work/plan.sh"
}

# The state of the machine: nothing may be left of an extension.

mounts() {
  # Mount point, root, type and source; what systemd does for its own services does not count.
  while read -r _ _ _ root point rest; do
    type_and_source=${rest##* - }
    case $point in
    /run/credentials/* | /proc/sys/fs/binfmt_misc) ;;
    *) echo "$point $root ${type_and_source% *}" ;;
    esac
  done </proc/self/mountinfo | sort
}

loops() {
  losetup --list --noheadings --output BACK-FILE
}

state() {
  mounts
  loops
  find /opt /etc/extensions /run/extensions /var/lib/extensions /run/confexts /var/lib/confexts /run/systemd/sysext \
    /run/systemd/confext -mindepth 1 -maxdepth 1 2>/dev/null
}

left_as_it_was() {
  for _ in 1 2 3 4 5; do
    state | diff "$memory/state" - && return
    # The kernel lets go of a loop device a moment after its last user.
    sleep 1
  done
  return 1
}

# Extensions.

# extension NAME : makes the directory $work/NAME with a release file that fits every system; more lines of that come
# from standard input.
extension() {
  mkdir -p "$work/$1/usr/lib/extension-release.d" "$work/$1/usr/share/vm"
  { echo ID=_any && cat; } >"$work/$1/usr/lib/extension-release.d/extension-release.$1"
  echo "from $1" >"$work/$1/usr/share/vm/$1"
}

# install_extensions FILE... : moves them there.
install_extensions() {
  mkdir -p /run/extensions
  mv "$@" /run/extensions/
}

remove_extensions() {
  rm -rf /run/extensions
}

if [ "$VM_RESTARTS" = 0 ]; then
  state >"$memory/state"
else
  checks=$(cat "$memory/checks")
fi
