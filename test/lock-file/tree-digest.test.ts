import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeDigest } from '../../src/lock-file/tree-digest.js';

let directory: string;
let tree: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sysext-unit-'));
  tree = join(directory, 'tree');
  make(tree);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Made in an order of its own, so that readdir(3) may give another one. */
function make(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o755);
  for (const name of ['usr/bin', 'usr', 'opt'].toSorted()) mkdirSync(join(path, name), { recursive: true });
  for (const name of ['usr/bin', 'usr', 'opt']) chmodSync(join(path, name), 0o755);
  writeFileSync(join(path, 'usr/bin/b'), 'two\n');
  writeFileSync(join(path, 'usr/bin/a'), 'one\n');
  chmodSync(join(path, 'usr/bin/a'), 0o4755);
  chmodSync(join(path, 'usr/bin/b'), 0o644);
  symlinkSync('../bin', join(path, 'usr/bin.old'));
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the digest is just what is documented', () => {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()].map(String);
  const record = (...fields: (string | undefined)[]) => `${fields.map((field) => `${field}\0`).join('')}\n`;
  const records = [
    record('', 'd', '755', uid, gid),
    record('opt', 'd', '755', uid, gid),
    record('usr', 'd', '755', uid, gid),
    record('usr/bin', 'd', '755', uid, gid),
    record('usr/bin/a', 'f', '4755', uid, gid, '4', sha256('one\n')),
    record('usr/bin/b', 'f', '644', uid, gid, '4', sha256('two\n')),
    record('usr/bin.old', 'l', '777', uid, gid, '../bin'),
  ];
  expect(treeDigest(tree)).toBe(sha256(records.join('')));
});

test('the same files make the same digest, wherever and whenever they were made', () => {
  const other = join(directory, 'other');
  make(other);
  utimesSync(join(other, 'usr/bin/a'), 1, 1);
  linkSync(join(other, 'usr/bin/b'), join(directory, 'another name'));
  expect(treeDigest(other)).toBe(treeDigest(tree));
});

test.each<[string, (path: string) => void]>([
  ['content', (path) => writeFileSync(join(path, 'usr/bin/b'), 'too\n')],
  ['the size', (path) => truncateSync(join(path, 'usr/bin/b'), 5)],
  ['a mode', (path) => chmodSync(join(path, 'usr/bin/b'), 0o600)],
  ['the mode of itself', (path) => chmodSync(path, 0o700)],
  ['a name', (path) => renameSync(join(path, 'usr/bin/b'), join(path, 'usr/bin/c'))],
  ['a place', (path) => renameSync(join(path, 'usr/bin/b'), join(path, 'usr/b'))],
  ['one more', (path) => mkdirSync(join(path, 'usr/lib'))],
  ['one less', (path) => rmSync(join(path, 'opt'), { recursive: true })],
  [
    'the target of a symlink',
    (path) => {
      rmSync(join(path, 'usr/bin.old'));
      symlinkSync('../bun', join(path, 'usr/bin.old'));
    },
  ],
  [
    'the type',
    (path) => {
      rmSync(join(path, 'opt'), { recursive: true });
      writeFileSync(join(path, 'opt'), '');
    },
  ],
])('another digest: %s', (_, edit) => {
  const before = treeDigest(tree);
  edit(tree);
  expect(treeDigest(tree)).not.toBe(before);
});

test('a name that is not UTF-8, and one with a newline, are what they are', () => {
  const odd = [Buffer.from([0xff, 0x0a, 0x41]), Buffer.from([0xfe, 0x0a, 0x41])];
  const digests = odd.map((name) => {
    const path = Buffer.concat([Buffer.from(`${tree}/`), name]);
    writeFileSync(path, '');
    const digest = treeDigest(tree);
    rmSync(path);
    return digest;
  });
  expect(new Set([...digests, treeDigest(tree)]).size).toBe(3);
});

test('a symlink is never followed', () => {
  writeFileSync(join(directory, 'outside'), 'one');
  symlinkSync(join(directory, 'outside'), join(tree, 'link'));
  const before = treeDigest(tree);
  writeFileSync(join(directory, 'outside'), 'two');
  expect(treeDigest(tree)).toBe(before);
});

test('a directory that is not there', () => {
  expect(() => treeDigest(join(directory, 'none'))).toThrow('ENOENT');
});
