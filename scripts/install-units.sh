#!/bin/sh
# Installs the units that merge extensions at boot, for systemd or OpenRC; enables nothing, but says how.
# A file is ours if it carries the mark below: only such files are replaced or removed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
mark='# Installed by install-units.sh of sysext'
root='' prefix=/usr/local manager='' uninstall=no

die() {
	printf '%s\n' "$1" >&2
	exit 1
}

usage() {
	cat <<END
install-units.sh [OPTION…]

  --root=DIR       Install below DIR instead of /
  --prefix=DIR     Where bin/sysext and bin/confext are installed (default: /usr/local)
  --manager=NAME   systemd, openrc or all (default: those that the system has)
  --uninstall      Remove what was installed
END
}

for argument; do
	case $argument in
	--root=*) root=${argument#*=} ;;
	--prefix=*) prefix=${argument#*=} ;;
	--manager=*) manager=${argument#*=} ;;
	--uninstall) uninstall=yes ;;
	--help | -h) usage && exit 0 ;;
	*) die "Unknown option '$argument'; --help lists them." ;;
	esac
done
root=${root%/} prefix=${prefix%/}
case $prefix in
/*) ;;
*) die "--prefix= must be an absolute path, not '$prefix'." ;;
esac
case $prefix in
*[!A-Za-z0-9/._+-]*) die "--prefix=$prefix has characters that may mean something else in a unit file." ;;
esac
case $manager in
systemd | openrc | all | '') ;;
*) die "--manager= must be systemd, openrc or all, not '$manager'." ;;
esac
[ -z "$root" ] || [ -d "$root" ] || die "--root=$root is not a directory."
[ -n "$root" ] || [ "$(id -u)" = 0 ] || die 'Need to be root to install units; --root=DIR installs them elsewhere.'

has_systemd() { [ -x "$root/usr/bin/systemctl" ] || [ -x "$root/bin/systemctl" ]; }
has_openrc() { [ -x "$root/sbin/openrc-run" ] || [ -x "$root/usr/sbin/openrc-run" ] || [ -x "$root/usr/bin/openrc-run" ]; }

if [ -z "$manager" ]; then
	if has_systemd && has_openrc; then manager=all; elif has_systemd; then manager=systemd; elif has_openrc; then manager=openrc; fi
	[ -n "$manager" ] || die "Neither systemd nor OpenRC is installed in '${root:-/}'; --manager= chooses one."
fi

# systemd looks into lib/systemd/system of these two prefixes only (systemd.unit(5)).
case $prefix in
/usr | /usr/local) systemd_directory=$prefix/lib/systemd/system ;;
*) systemd_directory=/etc/systemd/system ;;
esac

is_ours() { grep -qxF "$mark" "$1" 2>/dev/null; }

# Arguments: file in units/, file to install, mode
put() {
	target=$root$2
	if [ -e "$target" ] || [ -L "$target" ]; then
		{ [ -f "$target" ] && [ ! -L "$target" ] && is_ours "$target"; } ||
			die "$target exists and was not installed by this script; move it away first."
	fi
	mkdir -p "${target%/*}"
	new=$(mktemp "$target.XXXXXX")
	# The mark goes below the first line, which may name the interpreter.
	sed -e "1a\\
$mark" -e "s|/usr/local/bin/|$prefix/bin/|" "$here/units/$1" >"$new"
	chmod "$3" "$new"
	if cmp -s "$new" "$target"; then
		rm -f "$new"
		printf 'Unchanged: %s\n' "$target"
	else
		mv -f "$new" "$target"
		printf 'Installed: %s\n' "$target"
	fi
}

take() {
	target=$root$1
	if [ -f "$target" ] && [ ! -L "$target" ] && is_ours "$target"; then
		rm -f "$target"
		printf 'Removed: %s\n' "$target"
	elif [ -e "$target" ]; then
		printf 'Kept, not installed by this script: %s\n' "$target"
	fi
}

for class in sysext confext; do
	case $manager in
	systemd | all)
		if [ "$uninstall" = yes ]; then
			take "/etc/systemd/system/$class.service"
			take "/usr/lib/systemd/system/$class.service"
			take "/usr/local/lib/systemd/system/$class.service"
		else put "systemd/$class.service" "$systemd_directory/$class.service" 644; fi
		;;
	esac
	case $manager in
	openrc | all)
		if [ "$uninstall" = yes ]; then take "/etc/init.d/$class"; else put "openrc/$class" "/etc/init.d/$class" 755; fi
		;;
	esac
	if [ "$uninstall" = no ] && [ ! -x "$root$prefix/bin/$class" ]; then
		printf 'Warning: %s is not there yet; the unit fails without it.\n' "$root$prefix/bin/$class" >&2
	fi
done

theirs() { [ -e "$root/usr/lib/systemd/system/systemd-sysext.service" ] || [ -e "$root/lib/systemd/system/systemd-sysext.service" ]; }

case $uninstall-$manager in
no-systemd | no-all)
	printf '%s\n' 'Enable them with: systemctl daemon-reload && systemctl enable sysext.service confext.service'
	if theirs; then printf '%s\n' 'In place of the units of systemd: systemctl disable systemd-sysext.service systemd-confext.service'; fi
	;;
yes-systemd | yes-all) printf '%s\n' 'If they were enabled: systemctl disable sysext.service confext.service' ;;
esac
case $uninstall-$manager in
no-openrc | no-all) printf '%s\n' 'Enable them with: rc-update add confext boot && rc-update add sysext boot' ;;
yes-openrc | yes-all) printf '%s\n' 'If they were enabled: rc-update --all delete confext && rc-update --all delete sysext' ;;
esac
