import { dirname } from 'node:path';
import type { DryRun } from '../dry-run.js';
import type { Writer } from './writer.js';

/** The way to a directory, outermost first, without the root. */
function wayTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...wayTo(parent), path];
}

/** Directory and lock of calls on the same root, as the program makes them. */
export function locking({ state }: DryRun, writer: Writer): string[] {
  writer.call('fail');
  const way = wayTo(state);
  const make = way.map((path, index) => {
    const mode = path === state ? '0700' : '0755';
    return `  if [ ! -d ${writer.word(path)} ]; then mkdir -m ${mode} ${writer.word(path)}; made="${index} $made"; fi`;
  });
  return [
    'made=',
    'locked=no',
    'lock_root() {',
    ...make,
    '  case $(stat -c "%F %u %a" "$state") in',
    '    *[2367] | *[2367]?) fail "$state is a directory that others may write to." ;;',
    '    "directory $(id -u) "*) ;;',
    '    *) fail "$state is not a directory of this user." ;;',
    '  esac',
    '  if command -v flock >/dev/null; then',
    '    exec 9>>"$work.lock"',
    '    flock -x -n 9 && [ "$(stat -L -c %i /proc/self/fd/9)" = "$(stat -c %i "$work.lock")" ] ||',
    "      fail 'Another call is at work on the same root; try again later.'",
    '    locked=yes',
    '    echo "$$" >"$work.lock"',
    '  fi',
    '  if [ -d "$work" ] && ! rmdir "$work" 2>/dev/null; then',
    "    fail \"$work is there: a call was killed, or is at work. The commands 'refresh' and 'unmerge' clean up.\"",
    '  fi',
    '}',
    '',
    'unlock_root() {',
    '  if [ "$locked" = yes ]; then',
    '    rm -f "$work.lock"',
    '    exec 9>&-',
    '    locked=no',
    '  fi',
    '  for number in $made; do',
    '    case $number in',
    ...way.map((path, index) => `      ${index}) rmdir ${writer.word(path)} 2>/dev/null || : ;;`),
    '    esac',
    '  done',
    '  made=',
    '}',
    '',
  ];
}

/** How the workspace goes. */
export function closing(_: DryRun, hasWorkspace: boolean, writer: Writer): string[] {
  if (!hasWorkspace) return [];
  writer.call('device');
  writer.call('warn');
  return [
    '# A copy of other mounts that was not made private yet would take the originals with it.',
    'close_workspace() {',
    '  mount -n -i --make-rprivate "$work" 2>/dev/null || :',
    '  while [ -d "$work" ] && [ "$(device "$work")" != "$(device "$state")" ]; do',
    '    umount -n -i -l "$work" || return 0',
    '  done',
    '  rmdir "$work" 2>/dev/null || :',
    '}',
    '',
  ];
}

/** What happens when the script ends, before its end or there. */
export function finishing(
  undo: readonly (readonly string[])[],
  hasWorkspace: boolean,
  hasServices: boolean,
): string[] {
  const backwards = undo
    .map((code, index) => ({ code, step: index + 1 }))
    .filter(({ code }) => code.length > 0)
    .reverse();
  const indented = (code: readonly string[], by: string) => code.map((line) => `${by}${line}`);
  return [
    'step=0',
    'status=0',
    'done=no',
    'kept=no',
    ...(hasServices ? ['managed=yes'] : []),
    '# Takes back what was begun, last first. What is only in the workspace goes with it.',
    'finish() {',
    '  ended=$?',
    "  trap '' HUP INT TERM",
    '  trap - EXIT',
    '  set +e',
    ...(backwards.length === 0
      ? []
      : [
          '  if [ "$done" = no ] && [ "$step" -gt 1 ]; then',
          '    warn "Step $step failed; what was done is taken back."',
          ...backwards.flatMap(({ code, step }) => [
            `    if [ "$step" -ge ${step} ]; then`,
            ...indented(code, '      '),
            '    fi',
          ]),
          '  fi',
        ]),
    ...(hasWorkspace
      ? [
          '  if [ "$kept" = yes ]; then warn "What was mounted before is kept below $work."; exit 1; fi',
          '  if [ "$step" -gt 1 ]; then close_workspace; fi',
        ]
      : []),
    '  unlock_root',
    '  # Whatever a program ended with, a failure is 1; signals are told as shells do it.',
    '  case $ended in 0 | 129 | 130 | 143) ;; *) ended=1 ;; esac',
    '  exit "$ended"',
    '}',
    'trap finish EXIT',
    "trap 'exit 129' HUP",
    "trap 'exit 130' INT",
    "trap 'exit 143' TERM",
    '',
  ];
}
