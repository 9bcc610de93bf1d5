import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findRootHashSidecar,
  findTreeSidecar,
  readSignatureSidecar,
} from '../../../src/images/verity/sidecars.js';
import { provide } from '../../support/debian.js';

const ONE = '11'.repeat(32);
const TWO = '22'.repeat(32);
const missing = provide({ setfattr: 'attr', getfattr: 'attr' });

let root: string;
let image: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-sidecars-')));
  mkdirSync(join(root, 'images'));
  mkdirSync(join(root, 'elsewhere'));
  image = join(root, 'images/foo.raw');
  writeFileSync(image, '');
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, content: string | Buffer) => writeFileSync(join(root, 'images', name), content);
const link = (name: string, target: string) => symlinkSync(target, join(root, 'images', name));
const fifo = (name: string) => execFileSync('mkfifo', [join(root, 'images', name)]);

describe('hash tree', () => {
  test('beside the image, with its name without .raw', () => {
    expect(findTreeSidecar(root, image)).toBeNull();
    write('foo.verity', '');
    expect(findTreeSidecar(root, image)).toBe(join(root, 'images/foo.verity'));
  });

  test('only the last .raw goes', () => {
    write('foo.raw.sysext.verity', '');
    const other = join(root, 'images/foo.raw.sysext.raw');
    expect(findTreeSidecar(root, other)).toBe(join(root, 'images/foo.raw.sysext.verity'));
  });

  test('a symlink leads nowhere but below the root', () => {
    writeFileSync(join(root, 'elsewhere/tree'), '');
    link('foo.verity', '/elsewhere/tree');
    expect(findTreeSidecar(root, image)).toBe(join(root, 'elsewhere/tree'));
    link('bar.verity', '../../../../../../../../etc/passwd');
    expect(findTreeSidecar(root, join(root, 'images/bar.raw'))).toBeNull();
  });
});

describe('root hash', () => {
  const find = () => findRootHashSidecar(root, image).found;
  const hash = (digits: string, designator: string, source: object) => ({
    kind: 'root-hash',
    hash: Buffer.from(digits, 'hex'),
    designator,
    source,
  });
  const ofFile = (name: string) => ({ kind: 'file', file: join(root, 'images', name) });

  test('none', () => {
    expect(findRootHashSidecar(root, image)).toEqual({ found: null, getfattrMissing: missing !== null });
  });

  test('of the root file system before that of /usr', () => {
    write('foo.usrhash', TWO);
    expect(find()).toEqual(hash(TWO, 'usr', ofFile('foo.usrhash')));
    write('foo.roothash', `${ONE}\n`);
    expect(find()).toEqual(hash(ONE, 'root', ofFile('foo.roothash')));
  });

  test('one that cannot be used hides the next', () => {
    write('foo.usrhash', TWO);
    write('foo.roothash', 'abc');
    expect(find()).toEqual({
      kind: 'malformed-root-hash',
      problem: 'odd-number-of-digits',
      text: 'abc',
      source: ofFile('foo.roothash'),
    });
  });

  test.each<[string, string, () => void]>([
    ['a FIFO', 'no-regular-file', () => fifo('foo.roothash')],
    ['a directory', 'no-regular-file', () => mkdirSync(join(root, 'images/foo.roothash'))],
    ['a large file', 'too-large', () => write('foo.roothash', ' '.repeat(5000))],
    ['a loop', 'unreadable', () => link('foo.roothash', 'foo.roothash')],
  ])('%s', (_, problem, make) => {
    make();
    expect(find()).toMatchObject({ kind: 'unusable-file', problem });
  });

  test('a symlink to nothing is nothing', () => {
    link('foo.roothash', '/etc/passwd');
    expect(find()).toBeNull();
  });

  const describeAttributes = missing === null ? describe : describe.skip;
  describeAttributes(`extended attributes${missing === null ? '' : `, ${missing}`}`, () => {
    const set = (name: string, value: string) =>
      execFileSync('setfattr', ['-n', `user.verity.${name}`, '-v', value, image]);
    const ofAttribute = (name: string) => ({
      kind: 'attribute',
      file: image,
      attribute: `user.verity.${name}`,
    });

    test('before the file', () => {
      write('foo.roothash', TWO);
      set('roothash', `${ONE}\n`);
      expect(find()).toEqual(hash(ONE, 'root', ofAttribute('roothash')));
    });

    test('but after the file of the root file system, if it is of /usr', () => {
      set('usrhash', TWO);
      expect(find()).toEqual(hash(TWO, 'usr', ofAttribute('usrhash')));
      write('foo.roothash', ONE);
      expect(find()).toMatchObject({ designator: 'root' });
    });

    test.each(['', 'abc'])('%j hides the file', (value) => {
      write('foo.roothash', TWO);
      set('roothash', value);
      expect(find()).toMatchObject({ kind: 'malformed-root-hash', source: ofAttribute('roothash') });
    });
  });
});

describe('signature', () => {
  test('of the same file system as the root hash', () => {
    write('foo.roothash.p7s', Buffer.from([0x30, 0xff]));
    expect(readSignatureSidecar(root, image, 'root')).toEqual({
      kind: 'file',
      file: join(root, 'images/foo.roothash.p7s'),
      bytes: Buffer.from([0x30, 0xff]),
    });
    expect(readSignatureSidecar(root, image, 'usr')).toBeNull();
  });

  test.each<[string, string, () => void]>([
    ['an empty file', 'empty', () => write('foo.roothash.p7s', '')],
    ['a FIFO', 'no-regular-file', () => fifo('foo.roothash.p7s')],
    ['more than 4 MiB', 'too-large', () => write('foo.roothash.p7s', Buffer.alloc(4 * 1024 * 1024 + 1))],
  ])('%s', (_, problem, make) => {
    make();
    expect(readSignatureSidecar(root, image, 'root')).toMatchObject({ kind: 'unusable-file', problem });
  });
});
