import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from 'tar';
import { TooManySymlinksError } from '../../../src/host/root.js';
import { PackError } from '../../../src/pack/problem.js';
import { layersBy } from '../../../src/pack/sources/oci.js';
import { unpackTarBy } from '../../../src/pack/sources/tar.js';
import { imageOf, type SparseImage } from '../../support/sparse-image.js';
import { type Header, tarBytes } from '../../support/tar-bytes.js';
import type { Field, Target } from '../target.js';
import { hold } from './text.js';

const BLOCK = 512;
const MOST = 64 * 1024;
const WANTED = ['usr', 'opt', 'etc'];
const OUTSIDE = 'outside';

/** In memory, if there is such a place: a directory of a disk takes longer to go than all else. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Of the headers at the beginning of the first blocks: mode, size, time, type, kind of header. */
const FIELDS: readonly Field[] = [0, 1, 2, 4, 6].flatMap((block) =>
  ([100, 124, 136, 156, 257] as const).map((at) => [block * BLOCK + at, at === 156 ? 1 : 8] as const),
);

const ENTRIES: readonly (readonly Header[])[] = [
  [
    { path: './usr/', type: 'directory' },
    { path: './usr/bin/a', content: 'some content', mode: 0o4755 },
    { path: './usr/bin/b', type: 'link', target: './usr/bin/a' },
    { path: './usr/bin/c', type: 'symlink', target: 'a' },
    { path: 'lib/x', content: 'x'.repeat(600) },
    { path: 'var/x', content: 'x' },
  ],
  [
    { path: 'usr/up', type: 'symlink', target: '../../outside' },
    { path: 'usr/up/kept', content: 'changed' },
    { path: 'usr/etc', type: 'symlink', target: '/etc' },
    { path: 'usr/etc/x', type: 'directory' },
    { path: 'usr/round', type: 'symlink', target: 'round/round' },
    { path: 'usr/hard', type: 'link', target: 'usr/up/kept' },
    { path: 'usr/null', type: 'character' },
  ],
  [
    { path: 'usr/a/b', content: 'b' },
    { path: 'usr/a/.wh.b' },
    { path: 'usr/a/.wh..wh..opq' },
    { path: 'usr/.wh.a' },
    { path: 'usr/.wh...', content: '' },
  ],
  [
    { path: 'usr/long', type: 'longName', content: `usr/${'n'.repeat(120)}\0` },
    { path: 'usr/n', content: 'n' },
    { path: 'usr/pax', type: 'pax', content: pax('path=usr/p', 'mtime=1.5', 'linkpath=usr/n') },
    { path: 'usr/p', content: 'p' },
    { path: 'all', type: 'paxForAll', content: pax('size=3') },
    { path: 'usr/q', content: 'abc' },
  ],
];

const TOKENS = [
  '../',
  '/',
  './',
  'usr/',
  'etc/',
  '.wh.',
  '.wh..wh..opq',
  'outside',
  '\0',
  '\0ustar\x0000',
  '0000644\0',
  '77777777777',
  '\x80\0\0\0',
  '\xff',
  '15 path=../out\n',
  '0 path=\n',
  'linkpath=',
  'size=-1\n',
  'GNU.sparse.',
];

/** A tar archive: of files, and as the layer of a container image. Whatever is in it, nothing outside is touched. */
export const TAR: Target = {
  name: 'tar',
  isSlow: true,
  limit: { reads: 1, total: MOST },
  seeds: () =>
    ENTRIES.map((entries, index) => ({
      name: `archive ${index}`,
      image: imageOf(tarBytes(entries)),
      fields: FIELDS,
      tokens: TOKENS,
      repair,
    })),
  run: (input) => {
    const bytes = input.read(0n, MOST);
    for (const isLayer of [false, true])
      inScratch(bytes, (file, base) => {
        const target = join(base, 'target');
        mkdirSync(target);
        answers(() => unpackTarBy(list, file, target, { archive: 'a.tar', wanted: WANTED, isLayer }));
        const tops = readdirSync(target);
        hold(
          tops.every((name) => WANTED.includes(name)),
          'not wanted',
          tops,
        );
        for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' })) {
          const status = lstatSync(join(target, path));
          hold(status.isFile() || status.isDirectory() || status.isSymbolicLink(), 'no file', path);
        }
      });
  },
};

const JSON_TOKENS = [
  'null',
  '{}',
  '[]',
  '0',
  '"',
  ':',
  ',',
  '{',
  '}',
  '[',
  ']',
  '\n',
  '"os":"unknown"',
  'sha512:',
  '../',
];

/** Index and manifests of an archive of the OCI Image Layout, a line each. */
export const OCI: Target = {
  name: 'oci-archive',
  isSlow: true,
  limit: { reads: 1, total: MOST },
  seeds: () =>
    [layout(false), layout(true)].map((text, index) => ({
      name: `layout ${index}`,
      image: imageOf(Buffer.from(text)),
      fields: [],
      tokens: JSON_TOKENS,
    })),
  run(input) {
    const [index = '', ...blobs] = input.read(0n, MOST).toString('latin1').split('\n');
    const entries = [
      { path: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
      { path: 'index.json', content: Buffer.from(index, 'latin1') },
      ...blobs.slice(0, 3).map((text, number) => ({
        path: `blobs/sha256/${digits(number)}`,
        content: Buffer.from(text, 'latin1'),
      })),
    ];
    inScratch(tarBytes(entries), (file, base) => {
      const layers = answers(() => layersBy(list, file, 'a.tar', join(base, 'target')));
      for (const layer of layers ?? []) {
        hold(layer.startsWith(`${base}/target/oci/blobs/`) && !layer.includes('..'), 'outside', layer);
        hold(lstatSync(layer).isFile(), 'no layer', layer);
      }
    });
  },
};

/** @param isNested the index leads to another one */
function layout(isNested: boolean): string {
  const blob = (number: number) => ({
    mediaType: 'application/x',
    digest: `sha256:${digits(number)}`,
    size: 9,
  });
  const manifest = { schemaVersion: 2, config: blob(2), layers: [blob(1), blob(2)] };
  const platforms = [{ architecture: 'amd64', os: 'linux' }, { architecture: 'arm64' }];
  const index = { manifests: platforms.map((platform) => ({ ...blob(isNested ? 1 : 0), platform })) };
  const lines = isNested ? [{ manifests: [blob(0)] }, index, manifest] : [index, manifest, {}];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/** What is taken for the digest of a blob: its content is another matter. */
function digits(number: number): string {
  return `a${number}`;
}

/** Calls a function with the archive in a directory of its own, and sees that nothing beside it is touched or left open. */
function inScratch(bytes: Buffer, action: (file: string, base: string) => void): void {
  const base = realpathSync(mkdtempSync(join(SCRATCH, 'sysext-fuzz-archive-')));
  try {
    const [file, kept] = [join(base, 'archive'), join(base, OUTSIDE, 'kept')];
    mkdirSync(join(base, OUTSIDE));
    writeFileSync(kept, 'kept');
    writeFileSync(file, bytes);
    const open = readdirSync('/proc/self/fd').length;
    action(file, base);
    hold(readdirSync('/proc/self/fd').length === open, 'a file is left open');
    const beside = readdirSync(base).filter((name) => name !== 'target');
    hold(beside.sort().join() === `archive,${OUTSIDE}`, 'something is beside it', beside);
    hold(readdirSync(join(base, OUTSIDE)).join() === 'kept', 'something is outside');
    hold(lstatSync(kept).nlink === 1 && readFileSync(kept, 'utf8') === 'kept', 'what is outside was changed');
  } finally {
    rmSync(base, { recursive: true });
  }
}

/** @returns what it returns, `null` if it refuses in words or the kernel does @throws anything else */
function answers<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch (error) {
    const isOfKernel = (error as NodeJS.ErrnoException).syscall !== undefined;
    if (!isOfKernel && !(error instanceof PackError) && !(error instanceof TooManySymlinksError)) throw error;
    return null;
  }
}

/** Makes the checksum of each header right, so that what is in it is looked at. */
function repair({ pieces }: SparseImage): void {
  for (const { bytes } of pieces)
    for (let at = 0; at + BLOCK <= bytes.length; at += BLOCK) {
      const header = bytes.subarray(at, at + BLOCK);
      if (header.toString('latin1', 257, 262) !== 'ustar') continue;
      header.fill(' ', 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    }
}

/** Records of an extended header (pax(1)), each with its own length in front. */
function pax(...records: readonly string[]): string {
  return records
    .map((record) => {
      let length = record.length + 3;
      while (`${length} ${record}\n`.length !== length) length += 1;
      return `${length} ${record}\n`;
    })
    .join('');
}
