import { doesSomething } from '../../src/pack/sources/scripts.js';

const script = (...lines: string[]) => `#!/bin/sh\n${lines.join('\n')}\n`;

/** As debhelper writes it. */
const ADDED = [
  '# Automatically added by dh_installsystemd/13.24.2',
  'if [ "$1" = "configure" ]; then',
  '\tdeb-systemd-helper enable x.service >/dev/null || true',
  'fi',
  '# End automatically added section',
];

test.each([
  ['nothing', script('# a comment', 'set -e', 'exit 0')],
  [
    'only what debhelper adds',
    script('set -e', 'case "$1" in', '  configure)', '  ;;', '  abort-upgrade|abort-remove)', '  ;;', '  *)')
      .concat('    echo "postinst called with unknown argument" >&2\n    exit 1\n  ;;\nesac\n')
      .concat(ADDED.join('\n'), '\nexit 0\n'),
  ],
  ['what is for an upgrade', script('dpkg-maintscript-helper rm_conffile /etc/x 1.0-1 -- "$@"')],
])('a script with %s does nothing', (_, text) => {
  expect(doesSomething(text)).toBe(false);
});

test.each([
  ['a line of its own', script(...ADDED, 'adduser --system x', ...ADDED)],
  ['a line in a case', script('case "$1" in', 'configure)', 'ln -s a b', ';;', 'esac')],
  ['a command behind one that is passed over', script('dpkg-maintscript-helper x y; rm z')],
  ['a command in a pattern', script('configure) touch /x ;;')],
  ['another interpreter', '#!/usr/bin/perl\n'],
])('a script with %s does something', (_, text) => {
  expect(doesSomething(text)).toBe(true);
});
