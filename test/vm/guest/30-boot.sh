#!/bin/sh
# The units that merge at boot: they start and stop like those of the original, take turns with them, obey the kernel
# command line, and the machine boots with them and with the services that an extension brings.
. ./lib.sh

# Units that the extensions bring, on the way to being started at boot.
listing() {
  printf '%s\n' "$1_SCOPE=\"system initrd\"" "EXTENSION_RESTART_UNITS=$2"
}

# service FILE TEXT-FILE : is active if that file was there.
service() {
  mkdir -p "${1%/*}"
  printf '%s\n' "[Service]" Type=oneshot RemainAfterExit=yes "ExecStart=cat $2" >"$1"
}

is_merged() {
  has overlay findmnt --noheadings --output FSTYPE "$1"
}

state_of() {
  systemctl show --property="$1" --value "$2"
}

is_active() {
  is active "$(state_of ActiveState "$1")"
}

is_inactive() {
  is inactive "$(state_of ActiveState "$1")"
}

install_all() {
  sh /usr/local/lib/sysext/scripts/install-units.sh && systemctl daemon-reload
}

witness=/etc/systemd/system/vm-witness.service
limit=/etc/systemd/system/systemd-confext.service.d/vm-limit.conf

install_extensions_for_boot() {
  listing SYSEXT vm-listed.service | extension vm-boot
  service "$work/vm-boot/usr/lib/systemd/system/vm-listed.service" /usr/share/vm/vm-boot
  mkdir -p /var/lib/extensions
  mv "$work/vm-boot" /var/lib/extensions/

  etc=/var/lib/confexts/vm-conf/etc
  mkdir -p "$etc/extension-release.d"
  { echo ID=_any && listing CONFEXT vm-configured.service; } >"$etc/extension-release.d/extension-release.vm-conf"
  echo "from vm-conf" >"$etc/vm-conf"
  service "$etc/systemd/system/vm-configured.service" /etc/vm-conf
}

# Sees what the units leave behind when the machine goes down: it stops after them, for it is started before them.
start_witness() {
  printf '%s\n' "[Unit]" DefaultDependencies=no "Before=sysext.service confext.service" Conflicts=shutdown.target \
    Before=shutdown.target "[Service]" Type=oneshot RemainAfterExit=yes ExecStart=true \
    "ExecStop=/bin/sh -c 'findmnt --noheadings --output TARGET --types overlay >$memory/left'" >"$witness"
  systemctl daemon-reload
  systemctl start vm-witness.service
}

by_hand() {
  install_extensions_for_boot
  check "install-units.sh installs the units" install_all
  check "systemd-sysext.service starts" systemctl start systemd-sysext.service
  check "sysext.service starts in its place" systemctl start sysext.service
  check "systemd-sysext.service is stopped then" is_inactive systemd-sysext.service
  check "/usr is merged by sysext.service" is_merged /usr
  check "it starts what the extension lists" is_active vm-listed.service
  check "sysext.service reloads" systemctl reload sysext.service
  check "/usr is still merged" is_merged /usr

  start_witness
  # Once the original shall merge /etc at boot; it gets less time than the default, which is forever.
  mkdir -p "${limit%/*}"
  printf '%s\n' "[Service]" TimeoutStartSec=20 >"$limit"
  check "sysext.service can be enabled" systemctl enable sysext.service systemd-confext.service
  restart systemd.sysext=0 rd.systemd.confext=0
}

# started_by_systemd WORD... : the program is the main process of a service, and so has to obey the kernel command line.
started_by_systemd() {
  systemd-run --quiet --wait --pipe -- "$@" --no-reload
}

# What the switches say to $program and its sister $configures. In an initrd those with "rd." count.
switches() {
  check "$program: systemd.sysext=0 keeps systemd from merging" started_by_systemd "$program" merge
  check "$program: nothing is merged" fails findmnt /usr
  check "$program: by hand it can be done" "$program" merge --no-reload
  check "$program: /usr is merged" is_merged /usr
  "$program" unmerge --no-reload >/dev/null 2>&1
  touch /etc/initrd-release
  check "$configures: rd.systemd.confext=0 keeps systemd from merging in an initrd" started_by_systemd "$configures" merge
  check "$configures: nothing is merged" fails findmnt /etc
  rm /etc/initrd-release
}

switched_off() {
  check "when the machine went down, all was taken off" is "" "$(cat "$memory/left")"
  check "sysext.service is not started with systemd.sysext=0" is_inactive sysext.service
  check "because of a condition" is no "$(state_of ConditionResult sysext.service)"
  check "/usr is not merged" fails findmnt /usr
  check "the original merges /etc, for rd.systemd.confext=0 does not count" is_merged /etc
  # An intended difference: what it waits for can only start after what waits for it.
  check "but it waits for the units until its time is over" is timeout "$(state_of Result systemd-confext.service)"
  systemctl stop systemd-confext.service
  systemd-confext unmerge --no-reload 2>/dev/null
  program=sysext configures=confext
  switches
  program=systemd-sysext configures=systemd-confext
  switches
  rm -r "${limit%/*}"
  systemctl disable --quiet systemd-confext.service
  check "confext.service can be enabled" systemctl enable confext.service
  restart rd.systemd.sysext=0
}

booted() {
  check "the machine boots, and no unit has failed" has running systemctl is-system-running
  for class in sysext confext; do
    check "$class.service is active" is_active $class.service
  done
  check "/usr is merged, for rd.systemd.sysext=0 does not count" is_merged /usr
  check "/etc is merged" has "from vm-conf" cat /etc/vm-conf
  check "a service that the extension lists is active" is_active vm-listed.service
  check "so is one that the configuration extension lists" is_active vm-configured.service
  # As a table: JSON of ours has more keys.
  check "both programs say the same about it" is "$(systemd-sysext status --no-pager)" "$(sysext status)"
  check "both units stop" systemctl stop sysext.service confext.service
  check "/usr is not merged any more" fails findmnt /usr
  check "what the extension lists is stopped" is_inactive vm-listed.service
  check "/etc is not merged any more" fails findmnt /etc

  systemctl disable --quiet sysext.service confext.service
  sh /usr/local/lib/sysext/scripts/install-units.sh --uninstall >/dev/null
  systemctl stop --quiet vm-witness.service
  rm -r "$witness" /var/lib/extensions /var/lib/confexts
  systemctl daemon-reload
}

case $VM_RESTARTS in
0) by_hand ;;
1) switched_off ;;
2) booted ;;
esac
done_checking
