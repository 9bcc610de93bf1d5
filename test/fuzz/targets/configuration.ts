import { allowing } from '../../../src/cli/layers/allow-file.js';
import { parseBoolean } from '../../../src/config/boolean-word.js';
import { kernelSettings } from '../../../src/config/kernel-command-line.js';
import { logicalLines } from '../../../src/config/logical-lines.js';
import { parseMutableMode } from '../../../src/config/mutable-mode.js';
import { readStatements } from '../../../src/config/statements.js';
import { hold, textTarget } from './text.js';

/** systemd.syntax(7), as in sysext.conf. */
export const CONFIGURATION = textTarget({
  name: 'configuration',
  seeds: [
    '[SysExt]\nMutable=yes\nImagePolicy=root=verity+signed:\\\n  usr=absent\n# comment\n[Other]\nx=y\n',
    '\ufeff[SysExt]\r\nMutable = import \r\n; x\r\nnothing\r\n=x\r\n[SysExt\r\n[X-Own]\r\n',
  ].map((text) => Buffer.from(text).toString('latin1')),
  tokens: [
    '[SysExt]',
    '[',
    ']',
    '=',
    '\\\n',
    '\n',
    '\r',
    '#',
    ';',
    ' ',
    '\t',
    '\0',
    '\xff',
    '\xef\xbb\xbf',
    '\\',
  ],
  run(text) {
    const count = text.split(/\r\n|\r|\n/).length;
    let last = 0;
    for (const { line, text: joined } of logicalLines(text)) {
      hold(line > last && line <= count, 'lines are out of order', last, line);
      hold(joined !== '' && !/^[ \t]|[ \t]$/.test(joined), 'blanks around a line', joined);
      last = line;
    }
    for (const statement of readStatements(text, 'SysExt')) {
      hold(statement.line >= 1 && statement.line <= count, 'a line that is not there', statement.line);
      if (statement.kind !== 'assignment') continue;
      hold(statement.key !== '' && !statement.key.includes('='), 'no key', statement.key);
      hold(!statement.value.includes('\0') && !statement.value.includes('\n'), 'no value', statement.value);
      parseMutableMode(statement.value);
    }
  },
});

/** /proc/cmdline: kernel-command-line(7). */
export const COMMAND_LINE = textTarget({
  name: 'kernel-command-line',
  seeds: ['root=/dev/sda quiet systemd.sysext=0 rd.systemd.sysext="1" a=\'b c\'\n', 'systemd-sysext=no" x'],
  tokens: ['systemd.sysext=', '"', "'", ' ', '\n', '-', '_', '='],
  run(text) {
    for (const value of kernelSettings(text, 'systemd.sysext')) {
      hold(text.includes(value) || /["']/.test(text), 'a value that is not there', value);
      parseBoolean(value);
    }
  },
});

/** The file of conflicts --allow=. */
export const ALLOW_FILE = textTarget({
  name: 'allow-file',
  seeds: ['/usr/bin/*  # comment\nusr/share/**\n*.so\n[a-z]x{a,b}\n!(a|b)\n'],
  tokens: ['/usr', '*', '**', '?', '[', ']', '{', '}', '(', ')', '!', '+', '@', '|', '\\', '#', '\n', ','],
  run(text) {
    // Its owner is who calls the program; still no pattern of a few characters shall throw.
    const allowed = allowing(text.slice(0, 60));
    for (const path of ['/usr/bin/sh', '/opt', '/usr/share/a b/\n']) allowed.matches(path);
    hold(Array.isArray(allowed.unused()), 'no list');
  },
});
