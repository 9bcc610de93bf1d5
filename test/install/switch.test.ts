import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSEXT } from '../../src/extension-class.js';
import { findPlaced } from '../../src/images/switched-off.js';
import { InstallError } from '../../src/install/problem.js';
import { switchOff, switchOn } from '../../src/install/switch.js';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'switch-'));
  directory = join(root, 'etc/extensions');
});
afterEach(() => rmSync(root, { recursive: true }));

const placed = () =>
  findPlaced({ root, extensionClass: SYSEXT, places: SYSEXT.searchPath, architecture: 'x86-64' }).map(
    (one) => [one.name, one.kind === 'off' ? one.how : one.kind, one.place],
  );

test('a link to an empty directory that has no name of an extension; it goes with the last link', () => {
  switchOff(directory, 'foo', 'disabled');
  switchOff(directory, 'bar', 'disabled');
  expect(readdirSync(directory).sort()).toEqual(['.#disabled', 'bar', 'foo']);
  expect(placed()).toEqual([
    ['bar', 'disabled', '/etc/extensions'],
    ['foo', 'disabled', '/etc/extensions'],
  ]);
  switchOff(directory, 'foo', 'masked');
  expect(placed()).toContainEqual(['foo', 'masked', '/etc/extensions']);
  switchOn(join(directory, 'bar'));
  expect(readdirSync(directory).sort()).toEqual(['.#masked', 'foo']);
  switchOn(join(directory, 'foo'));
  expect(readdirSync(directory)).toEqual([]);
});

test.each(['file', 'directory'])('a %s of the name is not replaced', (kind) => {
  mkdirSync(directory, { recursive: true });
  if (kind === 'file') writeFileSync(join(directory, 'foo'), 'x');
  else mkdirSync(join(directory, 'foo'));
  expect(() => switchOff(directory, 'foo', 'disabled')).toThrow(InstallError);
  expect(readdirSync(directory)).toEqual(['foo']);
});

test('what was made by hand is known, and can be taken away', () => {
  mkdirSync(join(directory, 'empty'), { recursive: true });
  symlinkSync('/dev/null', join(directory, 'null.raw'));
  mkdirSync(join(directory, 'full/usr'), { recursive: true });
  expect(placed()).toEqual([
    ['empty', 'by-hand', '/etc/extensions'],
    ['full', 'image', '/etc/extensions'],
    ['null', 'by-hand', '/etc/extensions'],
  ]);
  for (const name of ['empty', 'null.raw']) switchOn(join(directory, name));
  expect(readdirSync(directory)).toEqual(['full']);
  // Not what is in it.
  expect(() => switchOn(join(directory, 'full'))).toThrow('ENOTEMPTY');
});

test('what is hidden is found as well, in the order of the search', () => {
  switchOff(directory, 'foo', 'disabled');
  for (const place of ['var/lib/extensions/foo/usr', 'run/extensions/foo/usr'])
    mkdirSync(join(root, place), { recursive: true });
  expect(placed()).toEqual([
    ['foo', 'disabled', '/etc/extensions'],
    ['foo', 'image', '/run/extensions'],
    ['foo', 'image', '/var/lib/extensions'],
  ]);
  expect(readlinkSync(join(directory, 'foo'))).toBe('.#disabled');
  expect(existsSync(join(directory, '.#disabled'))).toBe(true);
});
