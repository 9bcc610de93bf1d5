import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import fc from 'fast-check';
import { readElf } from '../../../../src/check/elf/format/read-elf.js';
import {
  configuredDirectories,
  muslDirectories,
} from '../../../../src/check/elf/search/configured-directories.js';
import { matchesGlob } from '../../../../src/check/elf/search/glob.js';
import {
  libToken,
  MOST_DIRECTORIES,
  searchDirectories,
} from '../../../../src/check/elf/search/search-path.js';
import { systemDirectories } from '../../../../src/check/elf/search/system-directories.js';
import { Surroundings } from '../../../../src/check/elf/surroundings.js';
import { bufferReader } from '../../../../src/images/byte-reader.js';
import { elfBytes, MACHINE } from '../../../support/elf-bytes.js';
import { fifo, symlink, type Tree } from '../../../support/tree.js';
import { withChecked } from '../../checked.js';
import { loader } from '../cases.js';

describe('glob(7)', () => {
  test.each([
    ['a.conf', '*.conf', true],
    ['.conf', '*.conf', true],
    ['a.conf.bak', '*.conf', false],
    ['ab', '?', false],
    ['a', '?', true],
    ['b', '[a-c]', true],
    ['d', '[a-c]', false],
    ['d', '[!a-c]', true],
    ['-', '[a-]', true],
    [']', '[]]', true],
    ['*', '\\*', true],
    ['x', '\\*', false],
    ['[', '[', true],
    ['a+b(c', 'a+b(?', true],
    ['', '*', true],
    ['', '', true],
    ['aXbXc', 'a*b*c', true],
    ['abab', '*ab', true],
  ])('%j fits %j: %s', (name, pattern, expected) => {
    expect(matchesGlob(name, pattern)).toBe(expected);
  });

  test('a pattern that is made to take long does not', () => {
    const started = Date.now();
    expect(matchesGlob('a'.repeat(255), `${'*a'.repeat(100)}*b`)).toBe(false);
    expect(Date.now() - started).toBeLessThan(1000);
  });

  test('anything has an answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, pattern) => {
        expect(typeof matchesGlob(name, pattern)).toBe('boolean');
        expect(matchesGlob(name, name.replace(/[\\*?[]/g, '\\$&'))).toBe(true);
      }),
    );
  });
});

describe('search path of a file', () => {
  const elf = readElf(bufferReader(elfBytes()))!;
  const directories = (path: string, more: object = {}) =>
    searchDirectories(path, { seenAt: '/usr/bin/foo', lib: 'lib64', elf, ...more });

  test.each([
    ['/a:/b/', ['/a', '/b']],
    [`$ORIGIN/../lib:\${ORIGIN}`, ['/usr/bin/../lib', '/usr/bin']],
    [`/usr/$LIB/foo:/x/\${PLATFORM}`, ['/usr/lib64/foo', '/x/x86_64']],
    ['/$ORIGINAL:/$OTHER', ['/$ORIGINAL', '/$OTHER']],
    ['a::/b:.', [null, null, '/b', null]],
    ['', [null]],
  ])('%j', (path, expected) => {
    expect(directories(path).map((directory) => directory.path)).toEqual(expected);
  });

  test('what means the working directory is told apart from what is not known', () => {
    const other = readElf(bufferReader(elfBytes({ machine: MACHINE.riscv64 })))!;
    expect(directories('$PLATFORM:x', { elf: other })).toEqual([
      { text: '$PLATFORM', path: null, isRelative: false },
      { text: 'x', path: null, isRelative: true },
    ]);
  });

  test('only so many of a hostile one', () => {
    expect(directories(':'.repeat(60_000))).toHaveLength(MOST_DIRECTORIES);
  });

  test('$LIB is the system directory without /usr', () => {
    expect(libToken(['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'])).toBe('lib/x86_64-linux-gnu');
    expect(libToken(['/usr/lib64'])).toBe('lib64');
    expect(libToken([])).toBe('lib');
  });
});

const withHost = <Result>(host: Tree, action: (surroundings: Surroundings) => Result): Result =>
  withChecked({ tree: { 'usr/lib/a': '' }, host }, (image) => action(new Surroundings(image)));

describe('directories of ldconfig(8)', () => {
  const configured = (host: Tree) => withHost(host, configuredDirectories);

  test('files are included where they are named, in order', () => {
    expect(
      configured({
        'etc/ld.so.conf':
          '/first # comment\n include ld.so.conf.d/*.conf\t/etc/more\n\nhwcap 1 nosegneg\n/last/\nrelative\n',
        'etc/ld.so.conf.d/b.conf': '/b\n/old = libc6\n',
        'etc/ld.so.conf.d/a.conf': '/a\ninclude /etc/ld.so.conf\n',
        'etc/ld.so.conf.d/.hidden.conf': '/hidden\n',
        'etc/ld.so.conf.d/c.txt': '/c\n',
        'etc/more': symlink('/opt/more'),
        'opt/more': '/more\n/a\n',
      }),
    ).toEqual(['/first', '/last', '/a', '/b', '/old', '/more']);
  });

  test('none without a file, or with one that is no file', () => {
    expect(configured({})).toEqual([]);
    expect(configured({ 'etc/ld.so.conf': fifo() })).toEqual([]);
    expect(configured({ 'etc/ld.so.conf': 'include /etc/none/*\n' })).toEqual([]);
  });
});

test('directories of musl', () => {
  const musl = (host: Tree) =>
    withHost(host, (surroundings) => muslDirectories(surroundings, '/lib/ld-musl-x86_64.so.1'));
  expect(musl({})).toEqual(['/lib', '/usr/local/lib', '/usr/lib']);
  expect(musl({ 'etc/ld-musl-x86_64.path': '/lib:/opt/lib\n/usr/lib\n' })).toEqual([
    '/lib',
    '/opt/lib',
    '/usr/lib',
  ]);
});

describe('directories that are built into a loader', () => {
  const builtIn = (host: Tree) =>
    withHost(host, (surroundings) => {
      const look = surroundings.find('/usr/lib/ld.so');
      return systemDirectories(typeof look === 'string' ? null : look.place);
    });

  test('as they stand there', () => {
    expect(builtIn({ 'usr/lib/ld.so': loader(['/lib/x86_64-linux-gnu/', '/usr/lib/']) })).toEqual([
      '/lib/x86_64-linux-gnu',
      '/usr/lib',
    ]);
  });

  test('the usual ones if there are none, or no loader', () => {
    const usual = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];
    expect(builtIn({})).toEqual(usual);
    expect(builtIn({ 'usr/lib/ld.so': loader(['/etc/', '/proc/self/']) })).toEqual(usual);
  });

  test('bytes that are made to take long do not', () => {
    const started = Date.now();
    expect(builtIn({ 'usr/lib/ld.so': '/a'.repeat(2_000_000) })).toHaveLength(4);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  const real = '/lib64/ld-linux-x86-64.so.2';
  const diagnostics = existsSync(real)
    ? spawnSync(real, ['--list-diagnostics'], { encoding: 'utf8' }).stdout
    : '';
  const asked = [...diagnostics.matchAll(/^path\.system_dirs\[0x\w+\]="(.+)\/"$/gm)].map(
    (match) => match[1]!,
  );
  (asked.length > 0 ? test : test.skip)('the loader of this machine says the same', () => {
    const place = { from: 'host', path: real, seenAt: real, file: realpathSync(real) } as const;
    expect(systemDirectories(place)).toEqual(asked);
  });
});
