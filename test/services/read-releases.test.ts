import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, type ExtensionClass, SYSEXT } from '../../src/extension-class.js';
import type { Hierarchy, Merge } from '../../src/overlay/metadata.js';
import { readMergedReleases } from '../../src/services/read-releases.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'merged-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, units: string, extensionClass: ExtensionClass = SYSEXT): void {
  const directory = join(root, extensionClass.releaseDirectory);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, `extension-release.${name}`),
    `ID=_any\nEXTENSION_RESTART_UNITS="${units}"\n`,
  );
}

function hierarchy(name: string, names: readonly string[] | null): Hierarchy {
  const merge = names === null ? null : ({ names, since: 0n, device: '0:1', origin: null } as Partial<Merge>);
  return { name, path: join(root, name), merge: merge as Merge | null };
}

function read(names: readonly string[], extensionClass: ExtensionClass = SYSEXT) {
  const hierarchies = [hierarchy('/opt', names), hierarchy('/usr', names), hierarchy('/x', null)];
  return readMergedReleases(root, hierarchies, extensionClass).map(({ name, fields }) => [
    name,
    fields.get('EXTENSION_RESTART_UNITS'),
  ]);
}

test('each extension once, sorted; those without a file are left out', () => {
  write('b', 'b.service');
  write('a', 'a.service');
  expect(read(['b', 'none', 'a'])).toEqual([
    ['a', 'a.service'],
    ['b', 'b.service'],
  ]);
});

test('the class has its own directory', () => {
  write('a', 'a.service', CONFEXT);
  expect(read(['a'], CONFEXT)).toEqual([['a', 'a.service']]);
  expect(read(['a'])).toEqual([]);
});

test('a name with a version finds the file without, however many others there are', () => {
  write('a', 'a.service');
  write('b', 'b.service');
  expect(read(['a_1', 'b_2'])).toEqual([
    ['a_1', 'a.service'],
    ['b_2', 'b.service'],
  ]);
});

test('a foreign name, merged with --force, finds the only file, and none of two', () => {
  write('other', 'o.service');
  expect(read(['a'])).toEqual([['a', 'o.service']]);
  write('another', 'p.service');
  expect(read(['a'])).toEqual([]);
});

test('a symlink does not lead out of the root', () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(outside, 'secret'), 'EXTENSION_RESTART_UNITS=evil.service\n');
  mkdirSync(join(root, SYSEXT.releaseDirectory), { recursive: true });
  symlinkSync(join(outside, 'secret'), join(root, SYSEXT.releaseDirectory, 'extension-release.a'));
  expect(read(['a'])).toEqual([]);
  rmSync(outside, { recursive: true });
});

test('names that are paths find nothing', () => {
  writeFileSync(join(root, 'secret'), 'EXTENSION_RESTART_UNITS=evil.service\n');
  write('a', 'a.service');
  write('b', 'b.service');
  expect(read(['x/../../../../secret', '..', '/'])).toEqual([]);
});
