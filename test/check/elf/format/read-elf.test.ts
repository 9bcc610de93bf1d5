import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ElfError, type ElfFile } from '../../../../src/check/elf/format/elf-file.js';
import { readElf } from '../../../../src/check/elf/format/read-elf.js';
import { openElf } from '../../../../src/check/elf/open-elf.js';
import { bufferReader } from '../../../../src/images/byte-reader.js';
import { type ElfSpec, elfBytes, elfWithLayout, MACHINE } from '../../../support/elf-bytes.js';

const read = (bytes: Buffer): ElfFile | null => readElf(bufferReader(bytes));

/** Whether it is read; else it is refused, as it may be. @throws any other error */
function isRead(bytes: Buffer): boolean {
  try {
    read(bytes);
    return true;
  } catch (error) {
    if (error instanceof ElfError) return false;
    throw error;
  }
}

/** One that has all there is. */
const FULL = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libfoo.so.1', 'libc.so.6'],
  soname: 'libbar.so.2',
  rpath: '/old:$ORIGIN',
  runpath: '$ORIGIN/../lib',
  flags1: 0x8000800,
  versionsNeeded: [
    { library: 'libfoo.so.1', versions: [{ name: 'FOO_1', weak: true }] },
    {
      library: 'libc.so.6',
      versions: [
        { name: 'GLIBC_2.34', weak: false },
        { name: 'GLIBC_2.38', weak: false },
      ],
    },
  ],
  versionsDefined: ['libbar.so.2', 'BAR_1', 'BAR_2'],
} satisfies ElfSpec;

const ENCODINGS = ([32, 64] as const).flatMap((width) =>
  (['little', 'big'] as const).map((order) => ({ width, order })),
);

describe.each(ENCODINGS)('$width bits, $order endian', (encoding) => {
  test('all that a loader reads', () => {
    const { interpreter, needed, soname, rpath, runpath, versionsNeeded, versionsDefined } = FULL;
    expect(read(elfBytes({ ...FULL, ...encoding, machine: MACHINE.s390x, flags: 5 }))).toEqual({
      ...encoding,
      machine: MACHINE.s390x,
      flags: 5,
      type: 'shared',
      interpreter,
      dynamic: {
        needed,
        soname,
        rpath,
        runpath,
        noDefaultDirectories: true,
        isProgram: true,
        versionsNeeded,
        versionsDefined,
      },
    });
  });

  test('a library with nothing in it, and a static program', () => {
    expect(read(elfBytes(encoding))?.dynamic).toEqual({
      needed: [],
      soname: null,
      rpath: null,
      runpath: null,
      noDefaultDirectories: false,
      isProgram: false,
      versionsNeeded: [],
      versionsDefined: null,
    });
    expect(read(elfBytes({ ...encoding, type: 2, isStatic: true }))).toMatchObject({
      type: 'executable',
      interpreter: null,
      dynamic: null,
    });
  });

  test('one that ends anywhere is cut short, or has nothing that is not there', () => {
    const whole = elfBytes({ ...FULL, ...encoding });
    const lengths = Array.from({ length: whole.length - 16 }, (_, index) => index + 16);
    expect(lengths.filter((length) => isRead(whole.subarray(0, length)))).toEqual([]);
  });
});

test('what is no program and no library', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('\x7fEL'),
    Buffer.from('#!/bin/sh\n'),
    Buffer.alloc(4096),
  ])
    expect(read(bytes)).toBeNull();
  // Object files and core dumps.
  for (const type of [0, 1, 4, 0xfe00]) expect(read(elfBytes({ type }))).toBeNull();
});

/** The message of what `change` does to a program with all there is. */
function broken(change: (bytes: Buffer, layout: ReturnType<typeof elfWithLayout>['layout']) => void): string {
  const { bytes, layout } = elfWithLayout(FULL);
  change(bytes, layout);
  try {
    read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof ElfError) return `${error.part}: ${error.problem}`;
    throw error;
  }
}

/** The entry of the dynamic section with a tag, of the 64-bit little-endian file. */
function entryOf(bytes: Buffer, dynamic: number, tag: number): number {
  for (let at = dynamic; ; at += 16) if (Number(bytes.readBigUInt64LE(at)) === tag) return at + 8;
}

describe('hostile files', () => {
  test.each([
    ['an unknown class', 'header: invalid', (b: Buffer) => b.writeUInt8(3, 4)],
    ['an unknown byte order', 'header: invalid', (b: Buffer) => b.writeUInt8(0, 5)],
    ['an unknown version', 'header: invalid', (b: Buffer) => b.writeUInt8(9, 6)],
    ['program headers of another size', 'program-headers: invalid', (b: Buffer) => b.writeUInt16LE(8, 54)],
    ['65535 program headers', 'program-headers: too-large', (b: Buffer) => b.writeUInt16LE(0xffff, 56)],
    [
      'program headers behind the end',
      'program-headers: cut-short',
      (b: Buffer) => b.writeBigUInt64LE(1n << 40n, 32),
    ],
    [
      'program headers at the end of all numbers',
      'program-headers: cut-short',
      (b: Buffer) => b.writeBigUInt64LE((1n << 64n) - 1n, 32),
    ],
  ])('%s', (_, expected, change) => {
    expect(broken(change)).toBe(expected);
  });

  test('a size of an interpreter that would fill the memory', () => {
    expect(
      broken((bytes, { programHeaders }) => bytes.writeBigUInt64LE(1n << 40n, programHeaders + 56 + 32)),
    ).toBe('interpreter: too-large');
  });

  test('an interpreter without end', () => {
    expect(broken((bytes, { interpreter }) => bytes.writeUInt8(65, interpreter + 27))).toBe(
      'interpreter: invalid',
    );
  });

  test('a dynamic section that would fill the memory', () => {
    expect(
      broken((bytes, { programHeaders }) => bytes.writeBigUInt64LE(1n << 40n, programHeaders + 2 * 56 + 32)),
    ).toBe('dynamic-section: too-large');
  });

  test('a string table that is loaded from nowhere', () => {
    expect(
      broken((bytes, { dynamic }) => bytes.writeBigUInt64LE(1n << 50n, entryOf(bytes, dynamic, 5))),
    ).toBe('string-table: invalid');
  });

  test('a name behind the end of the string table', () => {
    expect(
      broken((bytes, { dynamic }) => bytes.writeBigUInt64LE(1n << 62n, entryOf(bytes, dynamic, 14))),
    ).toBe('string-table: invalid');
  });

  test('a name that has no end', () => {
    expect(broken((bytes) => bytes.fill(65, bytes.length - 1))).toBe('string-table: invalid');
  });

  test('a chain of versions that goes on in the middle of an entry', () => {
    expect(broken((bytes, { needed }) => bytes.writeUInt32LE(1, needed + 12))).toBe(
      'needed-versions: invalid',
    );
    expect(broken((bytes, { defined }) => bytes.writeUInt32LE(2 ** 32 - 1, defined + 16))).toBe(
      'defined-versions: cut-short',
    );
  });

  test('more entries of versions than anything has', () => {
    const versions = Array.from({ length: 20_000 }, () => ({ name: 'V', weak: false }));
    const bytes = elfBytes({ versionsNeeded: [{ library: 'libx.so', versions }] });
    expect(() => read(bytes)).toThrow(new ElfError('needed-versions', 'too-large'));
  });

  test('names of a gigabyte, all of one table', () => {
    const long = 'x'.repeat(60_000);
    const needed = Array.from({ length: 30 }, (_, index) => `${long}${index}`);
    expect(() => read(elfBytes({ needed }))).toThrow(new ElfError('string-table', 'too-large'));
    expect(() => read(elfBytes({ runpath: 'x'.repeat(3_000_000) }))).toThrow(
      new ElfError('string-table', 'too-large'),
    );
  });
});

/** Libraries and programs of this machine that are read in parts; none, and the others are enough. */
const REAL = ['/bin/true', '/bin/sh', process.execPath, ...findLibc()].filter((path) => existsSync(path));

function findLibc(): string[] {
  const directories = ['/lib64', '/lib', '/usr/lib', '/usr/lib64'].filter((path) => existsSync(path));
  const multiarch = directories.flatMap((path) =>
    readdirSync(path)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(path, name)),
  );
  return [...directories, ...multiarch]
    .map((path) => join(path, 'libc.so.6'))
    .filter((path) => existsSync(path))
    .slice(0, 1);
}

describe('files that were changed anywhere', () => {
  const samples = [
    ...ENCODINGS.map((encoding) => elfBytes({ ...FULL, ...encoding })),
    ...REAL.slice(0, 2).map((path) => readFileSync(path)),
  ];
  const holds = (bytes: Buffer): boolean => {
    const started = process.hrtime.bigint();
    isRead(bytes);
    return Number(process.hrtime.bigint() - started) / 1e6 < 2000;
  };

  test('bytes: read, or refused, and at once', () => {
    const change = fc.tuple(fc.nat(1500), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (sample, changes) => {
          const bytes = Buffer.from(sample);
          for (const [at, value] of changes) bytes.writeUInt8(value, at % bytes.length);
          return holds(bytes);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('numbers: sizes and offsets near the limits', () => {
    const numbers = fc.constantFrom(
      0n,
      1n,
      0x7fffffffn,
      0xffffffffn,
      1n << 53n,
      (1n << 63n) - 1n,
      (1n << 64n) - 1n,
    );
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(120), numbers, (sample, at, value) => {
        const bytes = Buffer.from(sample);
        if (at * 8 + 8 <= bytes.length) bytes.writeBigUInt64LE(value, at * 8);
        return holds(bytes);
      }),
      { numRuns: 500 },
    );
  });
});

describe('real programs', () => {
  test.each(REAL)('%s cut short is refused, or lacks nothing', (path) => {
    const bytes = readFileSync(path);
    const whole = read(bytes);
    expect(whole).not.toBeNull();
    for (const length of [20, 60, 100, 500, 800, 5000, 20_000, bytes.length >> 1]) {
      try {
        expect(read(bytes.subarray(0, length))).toEqual(whole);
      } catch (error) {
        expect(error).toBeInstanceOf(ElfError);
      }
    }
  });

  const readelf = spawnSync('readelf', ['--version']).status === 0;
  (readelf ? test : test.skip)('readelf says the same of them', () => {
    const paths = [...REAL, ...sample('/usr/bin', 12), ...sample(join(findLibc()[0] ?? '/lib/x', '..'), 12)];
    for (const path of paths) {
      const opened = openElf(realpathSync(path));
      if (opened.kind !== 'elf' || opened.elf.dynamic === null) continue;
      const { needed, soname, rpath, runpath, versionsNeeded, versionsDefined } = opened.elf.dynamic;
      expect({
        path,
        needed,
        soname,
        rpath,
        runpath,
        versionsNeeded,
        versionsDefined: versionsDefined ?? [],
      }).toEqual({ path, ...askReadelf(path) });
    }
  });
});

/** Every so many of the files in a directory, that the test is quick. */
function sample(directory: string, count: number): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  const step = Math.max(1, Math.floor(files.length / count));
  return files.filter((_, index) => index % step === 0).map(({ name }) => join(directory, name));
}

function askReadelf(path: string): object {
  const run = (option: string) =>
    spawnSync('readelf', [option, '-W', path], { encoding: 'utf8', maxBuffer: 2 ** 28, env: { LC_ALL: 'C' } })
      .stdout;
  const dynamic = run('-d');
  const values = (tag: string) =>
    [...dynamic.matchAll(new RegExp(`\\(${tag}\\).*?\\[(.*)\\]`, 'g'))].map((m) => m[1]);
  const versions = run('-V');
  const versionsNeeded: { library: string; versions: { name: string; weak: boolean }[] }[] = [];
  for (const [, library, name, flags] of versions.matchAll(
    /Version: 1 +File: (\S+) +Cnt|Name: (\S+) +Flags: (.*?) +Version: \d+/g,
  )) {
    if (library !== undefined) versionsNeeded.push({ library, versions: [] });
    else versionsNeeded.at(-1)!.versions.push({ name: name!, weak: flags!.includes('WEAK') });
  }
  return {
    needed: values('NEEDED'),
    soname: values('SONAME')[0] ?? null,
    rpath: values('RPATH')[0] ?? null,
    runpath: values('RUNPATH')[0] ?? null,
    versionsNeeded,
    versionsDefined: [...versions.matchAll(/Rev: 1 .*Name: (\S+)/g)].map((match) => match[1]),
  };
}
