import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putInPlace, syncTree } from '../../src/host/put-in-place.js';
import { checksumOf } from '../../src/install/file-checksum.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'put-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a file takes the place of another one', () => {
  writeFileSync(join(directory, 'new'), 'new');
  writeFileSync(join(directory, 'old'), 'old');
  putInPlace(join(directory, 'new'), join(directory, 'old'));
  expect(readdirSync(directory)).toEqual(['old']);
  expect(readFileSync(join(directory, 'old'), 'utf8')).toBe('new');
});

test('a tree goes as a whole; symlinks in it, and names that are no UTF-8, do not hinder', () => {
  mkdirSync(join(directory, 'from/a/b'), { recursive: true });
  symlinkSync('/nowhere', join(directory, 'from/a/link'));
  writeFileSync(Buffer.concat([Buffer.from(join(directory, 'from/a/')), Buffer.from([0xff])]), 'x');
  mkdirSync(join(directory, 'to'));
  putInPlace(join(directory, 'from'), join(directory, 'to/tree'));
  expect(readdirSync(join(directory, 'to/tree/a')).length).toBe(3);
  expect(() => syncTree(join(directory, 'to'))).not.toThrow();
});

test('not over a directory with files', () => {
  for (const path of ['from', 'to/file']) mkdirSync(join(directory, path), { recursive: true });
  expect(() => putInPlace(join(directory, 'from'), join(directory, 'to'))).toThrow('ENOTEMPTY');
});

test('a checksum, as sha256sum(1) has it', () => {
  writeFileSync(join(directory, 'abc'), 'abc');
  expect(checksumOf(join(directory, 'abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
