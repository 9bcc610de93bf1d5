import { findCommand } from '../support/debian.js';
import { findSubject, type Program } from './programs.js';

/** The shells that run the scripts: small ones, that know little more than POSIX. */
export const SHELLS: readonly (readonly string[])[] = [
  ...(findCommand('dash') === null ? [['sh']] : [['dash']]),
  ...(findCommand('busybox') === null ? [] : [['busybox', 'sh']]),
];

/**
 * A program that is like ours, but does nothing itself that changes mounts: it prints the plan as a script, and a shell runs that.
 *
 * @param shell the words that start it; the file of the script follows
 */
export function scriptedProgram(shell: readonly string[]): Program {
  const ours = findSubject();
  return {
    name: `the script of plan in ${shell.join(' ')}`,
    command: (cls) => ['sh', '-c', WRAPPER, shell.join(' '), ...ours.command(cls)],
  };
}

/** `$0` is the shell, in words. A failure of `plan` has other exit statuses than that of what it is about. */
const WRAPPER = `
verb=
for word; do
  case $word in merge | unmerge | refresh) verb=$word ;; esac
done
[ -n "$verb" ] || exec "$@"
format=--format=sh
for word; do
  shift
  case $word in -* | "$verb") set -- "$@" $format; format= ;; esac
  case $word in "$verb") set -- "$@" plan ;; esac
  set -- "$@" "$word"
done
script=$(mktemp /run/plan-XXXXXX)
"$@" >"$script"
status=$?
case $(head -c 9 "$script") in
'#!/bin/sh')
  [ $status = 0 ] || echo 'a script in spite of a failure'
  $0 "$script" </dev/null
  status=$?
  ;;
*)
  cat "$script"
  [ $status = 0 ] || status=1
  ;;
esac
rm "$script"
exit $status
`;
