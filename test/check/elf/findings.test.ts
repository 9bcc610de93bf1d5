import { ELF_CODES } from '../../../src/check/elf/codes.js';
import { tell } from '../../../src/report/check/sentences.js';
import { elfBytes } from '../../support/elf-bytes.js';
import { file, symlink } from '../../support/tree.js';
import { check, ELF_CASES, gnuHost, image, libc, library, loader, program } from './cases.js';

const codes = Object.keys(ELF_CODES) as (keyof typeof ELF_CODES)[];

describe.each(codes)('%s', (code) => {
  test.each(ELF_CASES[code].map((one, index) => [index, one] as const))('case %d', (_, one) => {
    const findings = check(one);
    const mine = findings.filter((finding) => finding.code === code);
    expect({ code, paths: mine.map(({ path }) => path) }).toEqual({ code, paths: [one.at] });
    const { message, remedy } = tell(mine[0]!);
    expect(message).not.toMatch(/undefined|''|\s$|\.$/);
    expect(remedy).not.toMatch(/undefined|\.$/);
  });

  test('it is as bad as its code says, at least once', () => {
    const severities = ELF_CASES[code].flatMap((one) =>
      check(one).flatMap((finding) => (finding.code === code ? [finding.severity] : [])),
    );
    expect(severities).toContain(ELF_CODES[code]);
  });
});

const staticProgram = file(elfBytes({ isStatic: true, type: 2 }), { mode: 0o755 });

const codesOf = (...args: Parameters<typeof check>) =>
  check(...args).map(({ code, path }) => `${code} ${path}`);

describe('nothing is found', () => {
  test('in an image that has all it needs', () => {
    expect(
      codesOf({
        tree: image({
          'usr/bin/foo': program({ needed: ['libfoo.so.1', 'libc.so.6'], runpath: '$ORIGIN/../lib/foo' }),
          'usr/bin/foo.py': file('#!/usr/bin/env -S foo -u\n', { mode: 0o755 }),
          'usr/bin/foo.sh': file('#! /bin/sh -e\n', { mode: 0o755 }),
          'usr/lib/foo/libfoo.so.1': symlink('libfoo.so.1.2'),
          'usr/lib/foo/libfoo.so.1.2': library('libfoo.so.1', { needed: ['libc.so.6'] }),
          'usr/lib/static': staticProgram,
        }),
        host: gnuHost(),
      }),
    ).toEqual([]);
  });

  test('of what depends on a host, if there is none', () => {
    expect(
      codesOf({
        tree: image({
          'usr/bin/foo': program({ needed: ['libfoo.so.1', 'libc.so.6'], runpath: '/usr/lib/none' }),
          'usr/bin/foo.py': file('#!/usr/bin/python3\n', { mode: 0o755 }),
        }),
      }),
    ).toEqual([]);
  });

  test('in a configuration extension, from which nothing can be started', () => {
    const tree = {
      'etc/extension-release.d/extension-release.foo': 'ID=debian\n',
      'etc/foo': program({ needed: ['libfoo.so.1'] }),
    };
    expect(codesOf({ class: 'confext', tree, host: gnuHost() })).toEqual([]);
  });

  test('of a C library that is the same as that of the host', () => {
    expect(codesOf({ tree: image({ 'usr/lib64/libc.so.6': libc(36) }), host: gnuHost() })).toEqual([]);
  });

  test('of a C library that no program of the host finds', () => {
    const tree = image({
      'usr/bin/foo': program({
        interpreter: '/usr/lib/foo/ld-linux-x86-64.so.2',
        rpath: '$ORIGIN/../lib/foo',
      }),
      'usr/lib/foo/ld-linux-x86-64.so.2': loader(),
      'usr/lib/foo/libc.so.6': libc(40),
    });
    expect(codesOf({ tree, host: gnuHost() })).toEqual([]);
  });

  test('of the versions that a library of musl does not have', () => {
    const musl = '/usr/lib/ld-musl-x86_64.so.1';
    const versionsNeeded = [{ library: 'libz.so.1', versions: [{ name: 'Z_9', weak: false }] }];
    const tree = image({
      'usr/bin/foo': program({ interpreter: musl, needed: ['libz.so.1'], versionsNeeded }),
      'usr/lib/ld-musl-x86_64.so.1': library('libc.so'),
      'usr/lib/libz.so.1': library('libz.so.1', { versionsDefined: ['Z_1'] }),
    });
    expect(codesOf({ tree, host: { 'usr/bin/sh': '' } })).toEqual([]);
  });

  test('of a program that has all it uses with it, for every system', () => {
    const tree = image(
      {
        'opt/foo/bin/foo': program({
          interpreter: '/opt/foo/lib/ld-linux-x86-64.so.2',
          rpath: '$ORIGIN/../lib',
        }),
        'opt/foo/lib/ld-linux-x86-64.so.2': loader(),
        'opt/foo/lib/libc.so.6': libc(40),
        'usr/bin/static': staticProgram,
      },
      'ID=_any\nARCHITECTURE=x86-64\n',
    );
    expect(codesOf({ tree, host: {} })).toEqual([]);
  });
});

test('programs with the same trouble are one finding', () => {
  const programs = Object.fromEntries(
    Array.from({ length: 8 }, (_, n) => [`usr/bin/foo${n}`, program({ needed: ['libfoo.so.1'] })]),
  );
  const findings = check({ tree: image(programs), host: gnuHost() });
  expect(findings.map(({ code, path, detail }) => ({ code, path, others: detail.others }))).toEqual([
    { code: 'missing-library', path: '/usr/bin/foo0', others: '7' },
  ]);
  expect(tell(findings[0]!).message).toContain("as do 7 others, such as '/usr/bin/foo1'");
});

test('what a library lacks that programs load is told by the library, as an error', () => {
  const findings = check({
    tree: image({
      'usr/bin/foo': program({ needed: ['libfoo.so.1'] }),
      'usr/lib64/libfoo.so.1': library('libfoo.so.1', { needed: ['libbar.so.1'] }),
      'usr/lib64/plugin.so': library('plugin.so', { needed: ['libplug.so.1'] }),
    }),
    host: gnuHost(),
  });
  expect(findings.map(({ severity, path, detail }) => [severity, path, detail.library])).toEqual([
    ['error', '/usr/lib64/libfoo.so.1', 'libbar.so.1'],
    ['warning', '/usr/lib64/plugin.so', 'libplug.so.1'],
  ]);
});

test('a program without its loader lacks nothing else', () => {
  const tree = image({
    'usr/bin/foo': program({ interpreter: '/lib/ld-linux.so.2', needed: ['libfoo.so.1'] }),
  });
  expect(codesOf({ tree, host: gnuHost() })).toEqual(['missing-loader /usr/bin/foo']);
});

test('a directory in place of a symlink of the host hides the loader that it led to', () => {
  const tree = image({ 'usr/bin/foo': program(), 'usr/lib64/libfoo.so.1': library('libfoo.so.1') });
  const host = gnuHost({
    'usr/lib64': symlink('lib'),
    'usr/lib/ld-linux-x86-64.so.2': loader(['/usr/lib/']),
    'usr/lib/libc.so.6': libc(36),
  });
  const own = Object.entries(host).filter(([path]) => !path.startsWith('usr/lib64/'));
  expect(codesOf({ tree, host: Object.fromEntries(own) })).toEqual(['missing-loader /usr/bin/foo']);
});

describe('hostile images', () => {
  test('a chain of libraries that need each other', () => {
    const tree = image({
      'usr/bin/foo': program({ needed: ['liba.so'] }),
      'usr/lib64/liba.so': library('liba.so', { needed: ['libb.so', 'liba.so'] }),
      'usr/lib64/libb.so': library('libb.so', { needed: ['liba.so'] }),
    });
    expect(codesOf({ tree, host: gnuHost() })).toEqual([]);
  });

  test('thousands of directories and names, in many programs, end', () => {
    const runpath = Array.from({ length: 3000 }, (_, n) => `/usr/${n}`).join(':');
    const needed = Array.from({ length: 1000 }, (_, n) => `lib${n}.so`);
    const hostile = program({ runpath, needed });
    const tree = image(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`usr/bin/${n}`, hostile])));
    const started = Date.now();
    const findings = check({ tree, host: gnuHost(), work: 30_000 });
    expect(findings.map(({ code }) => code)).toContain('programs-not-checked');
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test('names with control characters are told in letters', () => {
    const name = '\x1b[2Jlib\n\u202e.so';
    const tree = image({
      'usr/bin/foo': program({ needed: [name], runpath: name }),
      'usr/bin/bar': program({ interpreter: name }),
      'usr/bin/baz': file('#!/usr/bin/env \x1b[2J\n', { mode: 0o755 }),
      'usr/bin/qux': program({
        versionsNeeded: [{ library: 'libc.so.6', versions: [{ name, weak: false }] }],
      }),
    });
    const findings = check({ tree, host: gnuHost() });
    expect(findings.length).toBeGreaterThan(3);
    for (const finding of findings) {
      const { message, remedy } = tell(finding);
      expect(message + remedy).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    }
  });
});
