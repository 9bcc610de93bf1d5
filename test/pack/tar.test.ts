import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackError } from '../../src/pack/problem.js';
import { unpackTar } from '../../src/pack/sources/tar.js';
import { type Header, tarBytes } from '../support/tar-bytes.js';

let directory: string;
let target: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'tar-')));
  target = join(directory, 'target');
  mkdirSync(target);
});
afterEach(() => rmSync(directory, { recursive: true }));

const WANTED = ['usr', 'opt', 'etc'];

function unpack(bytes: Buffer, isLayer = false): Promise<ReadonlySet<string>> {
  const file = join(directory, 'archive.tar');
  writeFileSync(file, bytes);
  return unpackTar(file, target, { archive: 'a.tar', wanted: WANTED, isLayer });
}

async function refusal(entries: readonly Header[]): Promise<string> {
  const error = await unpack(tarBytes(entries)).catch((caught: unknown) => caught);
  if (!(error instanceof PackError)) throw new Error(`not refused: ${error}`);
  const { problem } = error;
  return problem.kind === 'hostile-entry' ? `${problem.path}: ${problem.why}` : problem.kind;
}

const files = (): string[] => (readdirSync(target, { recursive: true }) as string[]).sort();

test('takes what is wanted, with modes, times and links', async () => {
  const leftOut = await unpack(
    tarBytes([
      { path: './', type: 'directory' },
      { path: './usr/', type: 'directory', mode: 0o750 },
      { path: './usr/bin/a', content: 'x'.repeat(5000), mode: 0o4755, time: 1_700_000_000 },
      { path: 'usr/bin/b', type: 'link', target: './usr/bin/a' },
      { path: 'usr/bin/c', type: 'symlink', target: '/usr/bin/a' },
      { path: '/opt/absolute', content: 'y' },
      { path: 'bin/', type: 'directory' },
      { path: 'bin/old', content: 'z' },
      { path: 'lib', type: 'symlink', target: 'usr/lib' },
      { path: 'var/lib/x', content: 'x' },
      { path: 'usr', type: 'symlink', target: '/etc' },
    ]),
  );
  expect([...leftOut].sort()).toEqual(['lib', 'var']);
  expect(files()).toEqual([
    'opt',
    'opt/absolute',
    'usr',
    'usr/bin',
    'usr/bin/a',
    'usr/bin/b',
    'usr/bin/c',
    'usr/bin/old',
  ]);
  const status = lstatSync(join(target, 'usr/bin/a'));
  expect([status.mode & 0o7777, status.mtimeMs, status.size, status.nlink]).toEqual([
    0o4755, 1.7e12, 5000, 2,
  ]);
  expect(readlinkSync(join(target, 'usr/bin/c'))).toBe('/usr/bin/a');
});

test.each<[string, readonly Header[], RegExp]>([
  ['a name with ..', [{ path: 'usr/../../x' }], /leads out of the archive/],
  ['a name with .. that nobody wants', [{ path: '../x' }], /leads out of the archive/],
  ['a name with a newline', [{ path: 'usr/a\nb' }], /control characters/],
  [
    'a file through an absolute symlink',
    [{ path: 'usr/a', type: 'symlink', target: '/tmp' }, { path: 'usr/a/x' }],
    /a symlink on the way/,
  ],
  [
    'a file through a relative symlink',
    [{ path: 'usr/a', type: 'symlink', target: '../../../..' }, { path: 'usr/a/tmp/x' }],
    /a symlink on the way/,
  ],
  [
    'a hard link to a file of the machine',
    [{ path: 'usr/a', type: 'link', target: '/etc/passwd' }],
    /not in the archive/,
  ],
  ['a hard link with ..', [{ path: 'usr/a', type: 'link', target: '../../etc/passwd' }], /leads out/],
  [
    'a hard link to a symlink',
    [
      { path: 'usr/a', type: 'symlink', target: '/etc/passwd' },
      { path: 'usr/b', type: 'link', target: 'usr/a' },
    ],
    /not in the archive/,
  ],
  ['a character device', [{ path: 'usr/a', type: 'character' }], /it is a CharacterDevice/],
  ['a FIFO', [{ path: 'usr/a', type: 'fifo' }], /it is a FIFO/],
])('refuses %s', async (_, entries, why) => {
  expect(await refusal(entries)).toMatch(why);
});

test('a symlink in the tree is followed in the tree', async () => {
  await unpack(
    tarBytes([
      { path: 'usr/lib/x', type: 'directory' },
      { path: 'usr/lib64', type: 'symlink', target: '/usr/lib' },
      { path: 'usr/lib64/x/y', content: '1' },
    ]),
  );
  expect(readFileSync(join(target, 'usr/lib/x/y'), 'utf8')).toBe('1');
});

test('a file in place of a symlink does not write where that leads', async () => {
  const outside = join(directory, 'outside');
  writeFileSync(outside, 'mine');
  await unpack(
    tarBytes([
      { path: 'usr/a', type: 'symlink', target: outside },
      { path: 'usr/a', content: 'yours' },
    ]),
  );
  expect(readFileSync(outside, 'utf8')).toBe('mine');
  expect(readFileSync(join(target, 'usr/a'), 'utf8')).toBe('yours');
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 700)],
  ['no tar at all', () => Buffer.alloc(2048, 'x')],
])('an archive that is %s is damaged', async (_, change) => {
  const bytes = change(tarBytes([{ path: 'usr/a', content: 'x'.repeat(1000) }]));
  await expect(unpack(bytes)).rejects.toMatchObject({
    problem: { kind: 'archive-damaged', archive: 'a.tar' },
  });
});

test('a layer removes what is in those below, and only there', async () => {
  mkdirSync(join(target, 'usr/a/b'), { recursive: true });
  for (const name of ['usr/a/one', 'usr/a/two', 'usr/a/b/three', 'usr/keep'])
    writeFileSync(join(target, name), '');
  await unpack(
    tarBytes([
      { path: 'usr/a/new', content: '' },
      { path: 'usr/a/.wh.one' },
      { path: 'usr/a/b/.wh..wh..opq' },
      { path: 'usr/a/b/four', content: '' },
      { path: 'usr/.wh...' },
      { path: 'usr/.wh.' },
    ]),
    true,
  );
  expect(files()).toEqual(['usr', 'usr/a', 'usr/a/b', 'usr/a/b/four', 'usr/a/new', 'usr/a/two', 'usr/keep']);
});
