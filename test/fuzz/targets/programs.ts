import { matchesGlob } from '../../../src/check/elf/search/glob.js';
import { parseShebang, SCRIPT_START, wantedOfEnv } from '../../../src/check/elf/shebang.js';
import { parseUnit, wordsOf } from '../../../src/check/units/unit-file.js';
import { hasIntegrity } from '../../../src/images/luks.js';
import { imageOf } from '../../support/sparse-image.js';
import type { Field, Target } from '../target.js';
import { hold, textTarget } from './text.js';

/** A unit file of an image: systemd.syntax(7). */
export const UNIT_FILE = textTarget({
  name: 'unit-file',
  seeds: [
    '[Unit]\nWants=a.service b.service\nWants=\n[Service]\nExecStart=-/usr/bin/a \\\n # comment\n b\n[Install]\nWantedBy=x\n',
  ],
  tokens: ['[', ']', '=', '\n', '\\\n', '[Unit]', 'Wants=', ' ', '\t', '\r', '#', ';', '\0', '\xff'],
  run(text) {
    for (const [key, value] of parseUnit(text))
      hold(key.includes('.') && !/^[ \t\n]|[ \t\n]$/.test(value), 'no assignment', key, value);
    for (const word of wordsOf(parseUnit(text), 'Unit.Wants')) hold(!/[ \t]/.test(word), 'two words', word);
  },
});

/** The first line of a script, and patterns of ld.so.conf. */
export const SCRIPT = textTarget({
  name: 'script',
  seeds: ['#!/usr/bin/env -S FOO=1 python3 -u\n', '#! /bin/sh -e\n', '#!/usr/bin/env perl\n'],
  tokens: [
    '#!',
    ' ',
    '\t',
    '-S',
    '--split-string=',
    '=',
    '\n',
    '\0',
    '"',
    '$',
    '*',
    '[!',
    ']',
    '[a-z]',
    '\\',
    '?',
  ],
  run(text, bytes) {
    const shebang = parseShebang(Buffer.from(bytes, 'latin1').subarray(0, SCRIPT_START));
    if (shebang !== null) {
      hold(!/[ \t\n\0]/.test(shebang.interpreter), 'no path', shebang.interpreter);
      const wanted = wantedOfEnv(shebang.argument);
      hold(wanted.kind === 'none' || wanted.name !== '', 'no name', wanted);
    }
    const [name = '', pattern = ''] = text.split('\n').map((line) => line.slice(0, 100));
    matchesGlob(name, pattern);
    hold(
      matchesGlob(name, '*') && matchesGlob(name, name.replace(/[\\*?[\]]/gu, '\\$&')),
      'a name is not itself',
      name,
    );
  },
});

const MiB = 1024 * 1024;
const FIELDS: readonly Field[] = [
  [6, 2],
  [8, 8],
];

/** The header of an encrypted volume: LUKS2 On-Disk Format Specification. */
export const LUKS: Target = {
  name: 'luks',
  limit: { reads: 2, total: 4 * MiB + 16 },
  seeds: () => [
    {
      name: 'luks2',
      image: imageOf(luks()),
      fields: FIELDS,
      tokens: ['{', '}', '"segments":', 'null', '[', ']', '"integrity":'],
    },
  ],
  run: (input) => hold(typeof hasIntegrity(input) === 'boolean', 'no answer'),
};

function luks(): Buffer {
  const bytes = Buffer.alloc(8192);
  bytes.write('LUKS\xba\xbe', 'latin1');
  bytes.writeUInt16BE(2, 6);
  bytes.writeBigUInt64BE(8192n, 8);
  bytes.write('{"segments":{"0":{"type":"crypt","integrity":{"type":"hmac"}}}}', 4096);
  return bytes;
}
