import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyLabel, selinuxMode } from '../../src/host/selinux.js';
import { FakePrograms } from '../services/fake-programs.js';

let tree: string;
let programs: FakePrograms;
const places = () => ({ fileSystem: join(tree, 'selinux'), config: join(tree, 'config') });

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'selinux-'));
  programs = new FakePrograms().add('chcon');
});
afterEach(() => {
  rmSync(tree, { recursive: true });
  programs.remove();
});

function enable(enforce: string): void {
  mkdirSync(join(tree, 'selinux'), { recursive: true });
  writeFileSync(join(tree, 'selinux/enforce'), enforce);
  writeFileSync(join(tree, 'config'), '');
}

test('off: not mounted', () => {
  expect(selinuxMode(places())).toBe('off');
  expect(copyLabel('/usr', ['/a'], places())).toEqual({ kind: 'off' });
  expect(programs.calls).toEqual([]);
});

test('off: mounted, but not configured', () => {
  enable('1');
  rmSync(join(tree, 'config'));
  expect(copyLabel('/usr', ['/a'], places())).toEqual({ kind: 'off' });
  expect(programs.calls).toEqual([]);
});

test('on: one call for all files; names are no options', () => {
  enable('1');
  expect(copyLabel('/usr', ['/a b', '-R', '--help'], places())).toEqual({ kind: 'labelled' });
  expect(programs.calls).toEqual([
    ['chcon', '--reference=/usr', '--no-dereference', '--', '/a b', '-R', '--help'],
  ]);
});

test('on: nothing to label, nothing called', () => {
  enable('1');
  expect(copyLabel('/usr', [], places())).toEqual({ kind: 'off' });
  expect(programs.calls).toEqual([]);
});

test.each([
  ['1', true],
  ['0\n', false],
])('chcon fails, enforce is %j', (enforce, enforcing) => {
  enable(enforce);
  programs.add('chcon', 'echo "chcon: Permission denied" >&2; exit 1');
  expect(copyLabel('/usr', ['/a'], places())).toMatchObject({
    kind: 'failed',
    enforcing,
    cause: { result: { status: 1, stderr: 'chcon: Permission denied\n' } },
  });
  expect(selinuxMode(places())).toBe(enforcing ? 'enforcing' : 'permissive');
});

test('chcon is not installed', () => {
  enable('1');
  rmSync(join(programs.directory, 'chcon'));
  programs.alone();
  expect(copyLabel('/usr', ['/a'], places())).toMatchObject({
    kind: 'failed',
    enforcing: true,
    cause: { command: 'chcon' },
  });
});
