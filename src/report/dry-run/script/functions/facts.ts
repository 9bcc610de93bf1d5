import type { ShellFunctions } from './shell-function.js';

/** What the script asks of the machine, and says: nothing of it changes anything. */
export const FACTS = {
  warn: { needs: [], lines: [`warn() { printf '%s\\n' "$*" >&2; }`] },
  fail: { needs: ['warn'], lines: ['fail() { warn "$*"; exit 1; }'] },
  device: {
    needs: [],
    lines: [
      '# Number of the file system that a directory is on, MAJOR:MINOR as the kernel writes it (makedev(3)).',
      'device() {',
      '  number=$(stat -L -c %d "$1")',
      `  printf '%s:%s' "$(((number >> 8 & 0xfff) | (number >> 32 & 0xfffff000)))" \\`,
      '    "$(((number & 0xff) | (number >> 12 & 0xffffff00)))"',
      '}',
    ],
  },
  merged: {
    needs: ['device'],
    lines: [
      '# Whether a merge is seen at a directory: a file system begins there that carries its own number.',
      'merged() {',
      '  [ -d "$1" ] && [ "$(device "$1")" != "$(device "$1/..")" ] &&',
      '    [ -f "$1/METADATA/dev" ] && [ "$(cat "$1/METADATA/dev")" = "$(device "$1")" ]',
      '}',
    ],
  },
  begins: {
    needs: ['device'],
    lines: [
      '# Whether a file system begins at a directory.',
      'begins() { [ -d "$1" ] && [ "$(device "$1")" != "$(device "$1/..")" ]; }',
    ],
  },
  has_entries: { needs: [], lines: [`has_entries() { [ -n "$(ls -A "$1" 2>/dev/null)" ]; }`] },
  mounted: {
    needs: [],
    lines: [
      '# Whether a mount is the topmost at its place: number, directory on that file system and place, as in',
      '# /proc/self/mountinfo.',
      'mounted() {',
      '  found=no',
      '  while read -r _ _ number from place _; do',
      '    if [ "$place" = "$3" ]; then',
      '      found=no',
      '      if [ "$number $from" = "$1 $2" ]; then found=yes; fi',
      '    fi',
      '  done </proc/self/mountinfo',
      '  [ "$found" = yes ]',
      '}',
    ],
  },
  listed: {
    needs: [],
    lines: [
      '# Whether the file system of a number is mounted at a place, be it covered; place as in /proc/self/mountinfo.',
      'listed() {',
      '  while read -r _ _ number _ place _; do',
      '    if [ "$number $place" = "$1 $2" ]; then return 0; fi',
      '  done </proc/self/mountinfo',
      '  return 1',
      '}',
    ],
  },
  same: {
    needs: ['fail'],
    lines: [
      '# same WHAT FORMAT PATH NAME: one that was replaced would be recorded with the numbers of another one, and what was',
      '# checked against a hash tree when this plan was made has to be what is mounted.',
      'same() {',
      '  [ "$(stat -c "$2" "$3")" = "$1" ] || fail "$4 is not what it was when this plan was made; make it again."',
      '}',
    ],
  },
} as const satisfies ShellFunctions;
