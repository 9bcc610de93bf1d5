import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listInstances } from '../../src/update/instances.js';
import { isCalled } from '../../src/update/names.js';
import { type Pattern, parsePattern } from '../../src/update/pattern.js';
import { readComponents } from '../../src/update/transfer-files.js';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-update-')));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const put = (path: string, text = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const transfer = (name: string, more = '') =>
  `[Source]\nType=regular-file\nPath=/src\nMatchPattern=${name}_@v.raw\n[Target]\nType=regular-file\nPath=/dst\nMatchPattern=${name}_@v.raw\n${more}`;
const read = () => readComponents(root, {});
const outline = () =>
  read().map(({ name, transfers }) => [
    name,
    transfers.map((one) => `${one.name} ${one.file.slice(root.length)}`),
  ]);

test('none', () => {
  expect(read()).toEqual([]);
});

test('by name, not by directory; an earlier directory hides', () => {
  put('usr/lib/sysupdate.d/20-b.transfer', transfer('b'));
  put('usr/lib/sysupdate.d/10-a.transfer', transfer('a'));
  put('etc/sysupdate.d/20-b.transfer', transfer('other'));
  put('run/sysupdate.d/30-c.transfer', transfer('c'));
  expect(outline()).toEqual([
    [
      null,
      [
        '10-a /usr/lib/sysupdate.d/10-a.transfer',
        '20-b /etc/sysupdate.d/20-b.transfer',
        '30-c /run/sysupdate.d/30-c.transfer',
      ],
    ],
  ]);
});

test('masked by an empty file, or a symlink to /dev/null', () => {
  put('usr/lib/sysupdate.d/a.transfer', transfer('a'));
  put('usr/lib/sysupdate.d/b.transfer', transfer('b'));
  put('usr/lib/sysupdate.d/c.transfer', transfer('c'));
  put('etc/sysupdate.d/a.transfer', '');
  symlinkSync('/dev/null', join(root, 'etc/sysupdate.d/b.transfer'));
  expect(outline()).toEqual([[null, ['c /usr/lib/sysupdate.d/c.transfer']]]);
});

test('old names count where there are no new ones', () => {
  put('etc/sysupdate.d/a.conf', transfer('a'));
  expect(outline()).toEqual([[null, ['a /etc/sysupdate.d/a.conf']]]);
  put('usr/lib/sysupdate.d/b.transfer', transfer('b'));
  expect(outline()).toEqual([[null, ['b /usr/lib/sysupdate.d/b.transfer']]]);
});

test('drop-ins', () => {
  put('usr/lib/sysupdate.d/a.transfer', transfer('a'));
  put('etc/sysupdate.d/a.transfer.d/10.conf', '[Target]\nInstancesMax=9\n');
  expect(read()[0]!.transfers[0]!.target.instancesMax).toBe(9);
});

test('components, also one that is switched off', () => {
  put('etc/sysupdate.b.d/b.transfer', transfer('b'));
  put('etc/sysupdate.a.d/x.transfer', transfer('x'));
  put('etc/sysupdate.a.component.d/off.conf', '[Component]\nEnabled=no\n');
  put('etc/sysupdate.a.component', '[Component]\nDescription=A\n');
  expect(read().map(({ name, disabled }) => [name, disabled])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test.each([
  ['', ['plain']],
  ['[Feature]\nEnabled=yes\n', ['extra', 'plain']],
  ['[Feature]\nEnabled=no\n', ['plain']],
])('a transfer of an optional feature: %j', (feature, wanted) => {
  put('etc/sysupdate.d/extra.transfer', transfer('extra', '[Transfer]\nFeatures=devel\n'));
  put('etc/sysupdate.d/plain.transfer', transfer('plain'));
  if (feature !== '') put('usr/lib/sysupdate.d/devel.feature', feature);
  expect(read()[0]!.transfers.map(({ name }) => name)).toEqual(wanted);
});

test('the names that a component goes by', () => {
  put('etc/sysupdate.tools.d/10-x.transfer', transfer('debugtools'));
  const [component] = read();
  expect(['tools', '10-x', 'debugtools', 'x'].map((name) => isCalled(component!, name))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

const patterns = (...texts: string[]) => texts.map((text) => parsePattern(text, true) as Pattern);

test('instances: regular files that fit, the newest first', () => {
  for (const file of [
    'f_1.raw',
    'f_2.raw',
    'f_02.raw',
    'f_10.raw',
    'g_3.raw',
    'd/f_9.raw',
    '.#sysext-f_11.raw',
  ])
    put(`dst/${file}`);
  put('dst/.sysupdate.partial.f_12.raw');
  mkdirSync(join(root, 'dst/f_13.raw'));
  symlinkSync('f_1.raw', join(root, 'dst/f_14.raw'));
  const { instances, temporary } = listInstances(root, '/dst', patterns('f_@v.raw'));
  expect(instances.map(({ path }) => path)).toEqual(['f_10.raw', 'f_02.raw', 'f_2.raw', 'f_1.raw']);
  expect(temporary).toEqual(['.#sysext-f_11.raw', '.sysupdate.partial.f_12.raw']);
});

test('instances in directories', () => {
  for (const file of ['f_1/x.raw', 'f_2/x.raw', 'a/b/x_3.raw']) put(`dst/${file}`);
  const paths = (...texts: string[]) =>
    listInstances(root, '/dst', patterns(...texts)).instances.map(({ path }) => path);
  expect(paths('f_@v/x.raw')).toEqual(['f_2/x.raw', 'f_1/x.raw']);
  expect(paths('**/x_@v.raw')).toEqual(['a/b/x_3.raw']);
  expect(paths('x_@v.raw')).toEqual([]);
});

test('a directory that a symlink leads to stays below the root', () => {
  put('real/f_1.raw');
  symlinkSync('/real', join(root, 'dst'));
  expect(listInstances(root, '/dst', patterns('f_@v.raw')).instances).toHaveLength(1);
  expect(listInstances(root, '/none', patterns('f_@v.raw')).instances).toEqual([]);
});
