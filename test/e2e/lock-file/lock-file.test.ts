import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { confext, DEBIAN, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { checkLock, readVerified } from '../../support/lock-schemas.js';
import { Machine } from '../../support/machine.js';
import { failed, failedWith, succeeded } from '../../support/outcome.js';
import { readPlan } from '../../support/plan-schema.js';
import { below, buildTree, directory, type Tree } from '../../support/tree.js';

const isRoot = process.getuid?.() === 0;

const APP = 'var/lib/extensions/app.v';
const version = (number: number): Tree =>
  below(`${APP}/app_${number}`, sysextTree('app', { files: { 'usr/share/app': `${number}\n` } }));

const TREE: Tree = {
  ...HOST,
  etc: directory(),
  ...version(1),
  ...extension('bar', { files: { 'usr/share/top': 'bar\n' } }),
  ...extension('foo', { files: { 'usr/share/top': 'foo\n', 'opt/foo': '' } }),
  ...confext('site'),
};

/** Two machines with the same extensions. */
let one: Machine;
let other: Machine;
let file: string;
beforeAll(async () => {
  one = await Machine.open({ tree: TREE });
  other = await Machine.open({ tree: TREE });
  file = join(one.directory, 'sysext.lock');
  for (const machine of [one, other])
    if (isRoot)
      machine.addImage(
        'squashfs',
        'var/lib/extensions/img.raw',
        sysextTree('img', { files: { 'usr/share/img': 'x' } }),
      );
  // The very same bytes, which is not what making it twice gives.
  if (isRoot) copyFileSync(join(one.root, IMAGE), join(other.root, IMAGE));
});
afterAll(async () => {
  await one.close();
  await other.close();
});

const IMAGE = 'var/lib/extensions/img.raw';
const NAMES = ['app', 'bar', 'foo', ...(isRoot ? ['img'] : [])];
const names = (machine: Machine) => machine.read('usr/.systemd-sysext/extensions')?.trim().split('\n');
const prefix = `Not as '`;

test('nothing is merged: there is nothing to lock, and nothing is written', async () => {
  expect(failedWith(await one.call(['lock', `--output=${file}`]))).toBe(
    'There is nothing to lock: nothing is merged.',
  );
  expect(existsSync(file)).toBe(false);
});

test('a set goes from one machine to another one, and is proven to be the same', async () => {
  succeeded(await one.call('merge --order=foo,bar'));
  const before = one.state();
  const { stderr } = succeeded(await one.call(['lock', `--output=${file}`]));
  expect(stderr).toBe(`Wrote '${file}': ${NAMES.length} extensions.\n`);
  await one.expectState(before);
  const content = readFileSync(file, 'utf8');
  checkLock(content);
  expect(succeeded(await one.call('lock --output=-')).stdout).toBe(content);
  expect(succeeded(await one.call(`verify --lock=${file}`)).stdout).toBe(
    `What is merged is what '${file}' says: ${NAMES.length} extensions.\n`,
  );

  // The other one has more, and a newer version.
  buildTree(other.root, { ...version(2), ...extension('more') });
  expect(readPlan((await other.call(`plan merge --locked=${file} --json=short`)).stdout).outcome).toBe(
    'steps',
  );
  succeeded(await other.call(`merge --locked=${file}`));
  expect(names(other)).toEqual(['app', ...(isRoot ? ['img'] : []), 'foo', 'bar']);
  expect([other.read('usr/share/app'), other.read('usr/share/top')]).toEqual(['1\n', 'bar\n']);
  expect(
    readVerified(succeeded(await other.call(`verify --lock=${file} --json=short`)).stdout),
  ).toMatchObject({
    result: 'same',
    differences: [],
    untold: [],
  });
  expect(succeeded(await other.call('lock --output=-')).stdout).toBe(content);
  expect(succeeded(await other.call(`refresh --locked=${file}`)).stderr).toContain('no change was found');

  // Without the file only the names and their order are kept.
  expect(succeeded(await other.call('refresh')).stderr).toMatch(
    /^Keeping to what was chosen for this merge: app /,
  );
  expect(other.read('usr/share/app')).toBe('2\n');
  const verified = await other.call(`verify --lock=${file} --json=short`);
  expect(verified.status).toBe(1);
  expect(
    readVerified(verified.stdout).differences.map(({ kind, extension: name }) => `${name} ${kind}`),
  ).toContain('app version');
});

test('each difference is named, before anything is mounted', async () => {
  succeeded(await other.call('refresh bar'));
  cpSync(join(other.root, 'var/lib/extensions/foo'), join(other.directory, 'foo'), { recursive: true });
  rmSync(join(other.root, 'var/lib/extensions/foo'), { recursive: true });
  appendFileSync(join(other.root, 'var/lib/extensions/bar/usr/share/top'), 'more\n');
  if (isRoot) appendFileSync(join(other.root, IMAGE), 'more');
  writeFileSync(join(other.root, 'usr/lib/os-release.new'), DEBIAN.replace('13', '14'));
  const env = { SYSTEMD_OS_RELEASE: '/usr/lib/os-release.new' };
  const before = other.state();
  const lines = failed(await other.call(`refresh --locked=${file} --mutable=ephemeral`, { env }));
  expect(
    lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.replace(/^Not as '[^']*' has it: /, '')),
  ).toEqual([
    "the host is another one: VERSION_ID is '14', and was '13'.",
    'the mutable mode is ephemeral, and was no.',
    ...(isRoot
      ? [
          expect.stringMatching(
            /^'img' \('.*img\.raw'\) has other content: sha256:\w{64}, and not sha256:\w{64}\.$/,
          ),
        ]
      : []),
    "'foo' is not installed (it was at '/var/lib/extensions/foo').",
    expect.stringMatching(/^'bar' \('.*bar'\) has other content: tree-1:\w{64}, and not tree-1:\w{64}\.$/),
  ]);
  expect(lines.at(-1)).toBe('Nothing was changed.');
  expect((await other.call(`plan --locked=${file}`)).status).toBe(1);
  await other.expectState(before);
  // As before, but for the owner: that is a difference, too.
  buildTree(other.root, extension('foo', { files: { 'usr/share/top': 'foo\n', 'opt/foo': '' } }));
});

test('what was changed since it was merged cannot be told', async () => {
  succeeded(await one.call('refresh --all'));
  succeeded(await one.call(['lock', `--output=${file}`]));
  rmSync(join(one.root, 'var/lib/extensions/foo'), { recursive: true });
  const verified = await one.call(`verify --lock=${file} --json=short`);
  expect(verified.status).toBe(2);
  expect(readVerified(verified.stdout)).toMatchObject({
    result: 'untold',
    untold: [{ kind: 'gone', extension: 'foo' }],
  });
  const content = readFileSync(file, 'utf8');
  expect(failedWith(await one.call(['lock', `--output=${file}`]))).toMatch(
    /^What is merged cannot be locked: .* is gone\.$/,
  );
  expect(readFileSync(file, 'utf8')).toBe(content);
  expect((await one.call('unmerge')).status).toBe(0);
  expect((await one.call(`verify --lock=${file}`)).status).toBe(1);
});

test('files that are no lock files, and places that cannot be written to', async () => {
  const before = one.state();
  const bad = join(one.directory, 'bad.lock');
  writeFileSync(bad, 'hello\n');
  expect(failedWith(await one.call(`merge --locked=${bad}`))).toContain('it is not JSON');
  expect(failedWith(await one.call(`merge --locked=${bad}.none`))).toContain('Failed to read the lock file');
  expect(failedWith(await one.call(`merge --locked=${file}`, { as: 'confext' }))).toContain(
    'is one of sysext',
  );
  expect((await one.call(`verify --lock=${bad}`)).status).toBe(2);
  await one.expectState(before);
  succeeded(await other.call('refresh bar'));
  expect(failedWith(await other.call('lock --output=/nowhere/x'))).toContain(
    "Failed to write the lock file '/nowhere/x'",
  );
});

test('a set of nothing, of hierarchies that are only made writable', async () => {
  rmSync(join(one.root, 'var/lib/extensions'), { recursive: true });
  succeeded(await one.call('merge --mutable=ephemeral'));
  succeeded(await one.call(['lock', `--output=${file}`]));
  succeeded(await one.call('unmerge'));
  buildTree(one.root, extension('later'));
  succeeded(await one.call(`merge --locked=${file} --mutable=ephemeral`));
  succeeded(await one.call('refresh --mutable=ephemeral'));
  expect(one.read('usr/.systemd-sysext/extensions')).toBe('');
  expect((await one.call(`verify --lock=${file}`)).status).toBe(0);
  succeeded(await one.call('unmerge'));
});

test('configuration extensions as well', async () => {
  const call = (words: string) => one.call(words, { as: 'confext' });
  const lock = join(one.directory, 'confext.lock');
  succeeded(await call('merge'));
  succeeded(await call(`lock --output=${lock}`));
  succeeded(await call('unmerge'));
  succeeded(await call(`merge --locked=${lock}`));
  expect(succeeded(await call(`verify --lock=${lock}`)).stdout).toContain('1 extension.');
  succeeded(await call('unmerge'));
});
