import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  findWorkDirectory,
  formatWorkDirectory,
  removeWorkDirectory,
} from '../../src/overlay/work-directory.js';
import { anyText } from '../support/text.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), 'sysext-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('what is written is found again, whatever is in the path', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[/\0]|^\.\.?$/.test(text));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 3 }), (parts) => {
      const parent = join(root, ...parts);
      mkdirSync(parent, { recursive: true });
      const path = join(parent, '.systemd-usr-workdir');
      expect(findWorkDirectory(root, '/usr', formatWorkDirectory(root, path))).toBe(path);
    }),
    { numRuns: 50 },
  );
});

test('the format is that of the original: below the root, no slash in front, C escapes', () => {
  expect(formatWorkDirectory('/r', '/r/var/lib/a b\\c/.systemd-usr-workdir')).toBe(
    'var/lib/a\\x20b\\x5cc/.systemd-usr-workdir\n',
  );
});

test('octal and short escapes are understood as well', () => {
  mkdirSync(join(root, 'a\tb c'));
  expect(findWorkDirectory(root, '/usr', 'a\\tb\\040c/.systemd-usr-workdir\n')).toBe(
    join(root, 'a\tb c/.systemd-usr-workdir'),
  );
});

test.each([
  ['an unrelated directory', 'precious'],
  ['the root', ''],
  ['a slash', '/'],
  ['the parent', '..'],
  ['a way out of the root', '../.systemd-usr-workdir'],
  ['a way up inside of it', 'a/../.systemd-usr-workdir'],
  ['the work directory of another hierarchy', '.systemd-opt-workdir'],
  ['a name that only begins alike', '.systemd-usr-workdir.old'],
  ['a NUL byte', '.systemd-usr-workdir\\x00'],
  ['a broken escape', '\\xzz/.systemd-usr-workdir'],
  ['a backslash at the end', '.systemd-usr-workdir\\'],
  ['a directory that is not there', 'gone/.systemd-usr-workdir'],
])('%s is not a work directory of /usr', (_, content) => {
  mkdirSync(join(root, 'a'));
  expect(findWorkDirectory(root, '/usr', content)).toBeNull();
});

test('symlinks on the way stay below the root', () => {
  symlinkSync('/', join(root, 'out'));
  expect(findWorkDirectory(root, '/usr', 'out/.systemd-usr-workdir')).toBe(
    join(root, '.systemd-usr-workdir'),
  );
});

test('any content gives a path of the right name below the root, or nothing', () => {
  fc.assert(
    fc.property(anyText(), (content) => {
      const found = findWorkDirectory(root, '/a/b', content);
      expect(
        found === null || (found.startsWith(`${root}/`) && /\/\.systemd-a\.b(\.1)?-workdir$/.test(found)),
      ).toBe(true);
    }),
  );
});

test('removing takes a symlink for what it is', () => {
  mkdirSync(join(root, 'precious'));
  writeFileSync(join(root, 'precious/file'), '');
  symlinkSync('precious', join(root, '.systemd-usr-workdir'));
  removeWorkDirectory(join(root, '.systemd-usr-workdir'));
  expect(existsSync(join(root, 'precious/file'))).toBe(true);
  expect(existsSync(join(root, '.systemd-usr-workdir'))).toBe(false);
});
