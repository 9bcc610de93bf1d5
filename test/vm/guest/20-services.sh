#!/bin/sh
# What the service manager is told when extensions come and go: os-release(5), EXTENSION_RELOAD_MANAGER= and the two
# lists of units. Both programs play the same scenario, and have to do what is written here.
. ./lib.sh

log=$work/log
mkdir "$log"

# Generators run whenever the manager reads its files again.
generators=/run/systemd/system-generators
mkdir -p "$generators"
cat >"$generators/vm-count" <<END
#!/bin/sh
echo reload >>$log/manager
END
chmod +x "$generators/vm-count"

# oneshot DIRECTORY NAME [LINE] : a service without a process, so that whoever waits for it sees all of its effects.
oneshot() {
  mkdir -p "$1"
  {
    printf '%s\n' "[Service]" Type=oneshot RemainAfterExit=yes
    printf 'Exec%s=/bin/sh -c "echo %s >>%s/%s"\n' Start start "$log" "$2" Stop stop "$log" "$2"
    [ "$#" = 2 ] || echo "$3"
  } >"$1/$2.service"
}

reloads() {
  echo "ExecReload=/bin/sh -c \"echo reload >>$log/$1\""
}

UNITS="sleeping reloadable plain both host failing unlisted"

extension vm-services <<END
EXTENSION_RESTART_UNITS="sleeping.service failing.service absent.service
 host.service both.service"
EXTENSION_RELOAD_OR_RESTART_UNITS="reloadable.service plain.service both.service"
END
units=$work/vm-services/usr/lib/systemd/system
oneshot "$units" reloadable "$(reloads reloadable)"
oneshot "$units" plain
oneshot "$units" both "$(reloads both)"
oneshot "$units" unlisted
oneshot /run/systemd/system host
cat >"$units/sleeping.service" <<END
[Service]
ExecStartPre=/bin/sh -c "echo start >>$log/sleeping"
ExecStart=sleep infinity
ExecStopPost=/bin/sh -c "echo stop >>$log/sleeping"
END
cat >"$units/failing.service" <<END
[Service]
Type=oneshot
ExecStart=false
END
extension vm-reload <<END
EXTENSION_RELOAD_MANAGER=1
END
extension vm-plain </dev/null

happened() {
  [ ! -e "$log/$1" ] || tr '\n' ' ' <"$log/$1" | sed 's/ $//; s/^/ /'
}

# What happened since the last time, and how things are.
observe() {
  echo "manager:$(happened manager)"
  # shellcheck disable=SC2046,SC2086 # words
  set -- $(systemctl show --property=ActiveState --value $(printf '%s.service ' $UNITS))
  for unit in $UNITS; do
    echo "$unit, $1:$(happened "$unit")"
    shift
  done
}

as_wanted() {
  rm -rf "$log"
  mkdir "$log"
  "$program" "$@" >"$work/output" 2>&1
  { echo "status $?"; observe; } >"$work/found"
  diff "$work/wanted" "$work/found" && return
  echo "$program $* said:"
  cat "$work/output"
  return 1
}

# step TEXT WORD... : calls the program with these words; standard input tells what is to happen. Not in a pipe: it counts.
step() {
  cat >"$work/wanted"
  step_text=$1
  shift
  check "$program $*: $step_text" as_wanted "$@"
}

# All that runs, with what happens to it: `all_run SLEEPING RELOADABLE OTHERS [MANAGER [PLAIN-AND-HOST]]`.
all_run() {
  printf '%s\n' "status 0" "manager:${4-}" "sleeping, active:$1" "reloadable, active:$2" "plain, active:${5-$3}" \
    "both, active:$3" "host, active:${5-$3}" "failing, failed:" "unlisted, inactive:"
}

nothing_runs() {
  printf '%s\n' "status 0" "manager:$1" "sleeping, inactive:" "reloadable, inactive:" "plain, inactive:" \
    "both, inactive:" "host, inactive:" "failing, inactive:" "unlisted, inactive:"
}

nothing_runs "" >"$work/nothing-runs"
nothing_runs " reload" >"$work/manager-reloads"
all_run "" "" "" >"$work/nothing-happens"
all_run " start" " start" " start" " reload" >"$work/all-start"
# Two, one of each list, were stopped by hand.
all_run " stop start" " reload" " stop start" " reload" " start" >"$work/all-restart"
# What goes with the extension is stopped; what to do when it stops is not known any more. The host's is still there.
nothing_runs " reload" | sed 's/^host, .*/host, active: stop start/' >"$work/sysext-all-stop"
# An intended difference: a unit that had failed and is gone stays listed as such.
sed 's/^failing, inactive/failing, failed/' "$work/sysext-all-stop" >"$work/systemd-sysext-all-stop"

main_process() {
  systemctl show --property=MainPID --value sleeping.service
}

scenario() {
  cp -r "$work/vm-services" "$work/vm-plain" /run/extensions/
  step "nothing is done about services" merge --no-reload <"$work/nothing-runs"
  step "has nothing to do, so nothing happens" refresh <"$work/nothing-runs"
  step "starts all that is listed; that one fails is no failure" refresh --always-refresh=yes <"$work/all-start"
  process=$(main_process)
  systemctl stop plain.service host.service
  step "restarts what runs, or reloads it if it can; in both lists, restarts; starts what somebody stopped" \
    refresh --always-refresh=yes <"$work/all-restart"
  check "$program: it is another process now" fails is "$process" "$(main_process)"
  rm -r /run/extensions/vm-services
  if [ "$program" = sysext ]; then
    step "stops what goes with an extension" refresh <"$work/sysext-all-stop"
    check "$program: the process is gone" is 0 "$(main_process)"
  else
    # An intended difference: here they run on, from files that are gone.
    process=$(main_process)
    step "does nothing about an extension that goes" refresh <"$work/nothing-happens"
    check "$program: it is the same process" is "$process" "$(main_process)"
  fi
  stop_all
  step "does nothing for an extension that asks for nothing" unmerge <"$work/nothing-runs"

  cp -r "$work/vm-services" /run/extensions/
  step "starts all that is listed" merge <"$work/all-start"
  step "stops what is gone; restarts what is not" unmerge <"$work/$program-all-stop"
  check "$program: the process is gone" is 0 "$(main_process)"
  stop_all

  rm -r /run/extensions/vm-services /run/extensions/vm-plain
  cp -r "$work/vm-reload" /run/extensions/
  step "reloads the manager for EXTENSION_RELOAD_MANAGER=1 alone" merge <"$work/manager-reloads"
  rm -r /run/extensions/vm-reload
  step "reloads the manager when that was the last one" refresh <"$work/manager-reloads"
}

stop_all() {
  for unit in $UNITS; do
    systemctl stop "$unit.service" 2>/dev/null # some are gone
  done
  systemctl reset-failed
}

mkdir -p /run/extensions
systemctl daemon-reload
for program in $PROGRAMS; do
  scenario
done

rm -r "$generators" /run/systemd/system/host.service
remove_extensions
systemctl daemon-reload
done_checking
