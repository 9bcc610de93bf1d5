import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, device, directory, type Entry, fifo, symlink, type Tree } from '../../support/tree.js';

const isRoot = process.getuid?.() === 0;
const RELEASE = 'usr/lib/extension-release.d/extension-release.bad';
const BAD = 'var/lib/extensions/bad';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: { ...HOST, 'etc/secret': 'secret\n', ...extension('good', { files: { 'opt/good': 'good\n' } }) },
  });
});
afterEach(() => machine.close());

const addBad = (tree: Tree): void =>
  buildTree(join(machine.root, BAD), Object.fromEntries(Object.entries({ 'opt/bad': 'bad\n', ...tree })));

/** The bad one is passed over with one warning, the good one merged. */
async function expectIgnored(says: RegExp): Promise<void> {
  const { stderr } = succeeded(await machine.call('merge --log-level=warning'));
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(machine.read('opt/good')).toBe('good\n');
  expect(machine.read('opt/bad')).toBeNull();
}

describe('a release file that is', () => {
  const cases: readonly (readonly [string, Entry, RegExp])[] = [
    ['a FIFO', fifo(), /^Ignoring extension 'bad' .*not a regular file/],
    ['a directory', directory(), /^Ignoring extension 'bad' /],
    [
      'a symlink out of the image',
      symlink('../../../../../../../../../etc/os-release'),
      /^Ignoring extension 'bad' /,
    ],
    [
      'an absolute symlink to a file of the host',
      symlink('/usr/lib/os-release'),
      /^Ignoring extension 'bad' /,
    ],
  ];
  test.each(cases)('%s is not read', async (_, entry, says) => {
    addBad({ [RELEASE]: entry });
    await expectIgnored(says);
  });

  (isRoot ? test : test.skip)('a device is not read', async () => {
    // /dev/zero, which would never end.
    addBad({ [RELEASE]: device('c', 1, 5) });
    await expectIgnored(/^Ignoring extension 'bad' .*not a regular file/);
  });

  test('of 10 GB is not read', async () => {
    addBad({ [RELEASE]: '' });
    truncateSync(join(machine.root, BAD, RELEASE), 10 * 1024 ** 3);
    await expectIgnored(/^Ignoring extension 'bad' .*larger than/);
  });

  test('a symlink within the image is read', async () => {
    addBad({ [RELEASE]: symlink('/srv/release'), 'srv/release': 'ID=_any\n' });
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/bad')).toBe('bad\n');
  });
});

describe('a hierarchy of an image that is', () => {
  test.each([
    ['a symlink to /etc', '/etc'],
    ['a symlink to the directories above', '../../../../../../../../../../etc'],
  ])('%s leads to a directory of the image, not of the host', async (_, target) => {
    addBad({ [RELEASE]: 'ID=_any\n', 'etc/own': 'own\n' });
    buildTree(join(machine.root, 'var/lib/extensions/linked'), {
      'usr/lib/extension-release.d/extension-release.linked': 'ID=_any\n',
      'etc/own': 'own\n',
      opt: symlink(target),
    });
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/own')).toBe('own\n');
    expect(machine.read('opt/secret')).toBeNull();
  });

  const withOpt = (opt: Entry): void =>
    buildTree(join(machine.root, 'var/lib/extensions/odd'), {
      'usr/lib/extension-release.d/extension-release.odd': 'ID=_any\n',
      opt,
    });

  test('a symlink to nothing has no layer', async () => {
    withOpt(symlink('/nowhere'));
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/good')).toBe('good\n');
  });

  test('a file is refused, by its name', async () => {
    withOpt('no directory');
    const before = machine.state();
    const line = failedWith(await machine.call('merge --log-level=warning'));
    expect(line).toMatch(/'odd'.*'\/opt'.*extensions\/odd\/opt' is not a directory/);
    await machine.expectState(before);
  });
});

describe('an extension that vanishes', () => {
  test.each(['while it is being merged', 'between the release file and its layers'])(
    '%s: nothing is merged, and nothing left',
    async (when) => {
      addBad({ [RELEASE]: 'ID=_any\n' });
      const faults = machine.faults();
      // Before the workspace is mounted, so before the release files are read; or before the first overlay.
      const call = when === 'while it is being merged' ? 3 : 2;
      faults.plan({ [call]: `rm -r "${join(machine.root, BAD)}"` });
      const { status, stderr } = await machine.call('merge --log-level=warning', { faults });
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(machine.state().run).toEqual([]);
      if (status === 0) expect(machine.read('opt/good')).toBe('good\n');
      else {
        expect(status).toBe(1);
        expect(stderr).toMatch(/^[^\n]+\n$/);
        expect(machine.mounts()).toEqual([]);
        succeeded(await machine.call('merge'));
        expect(machine.read('opt/good')).toBe('good\n');
      }
    },
  );
});

test('a file with another extension inside of an image is not taken for one', async () => {
  addBad({ [RELEASE]: 'ID=_any\n', 'var/lib/extensions/inner/opt/inner': 'x' });
  writeFileSync(join(machine.root, 'var/lib/extensions/note.txt'), 'not an image');
  expect(succeeded(await machine.call('list --no-legend')).stdout).toMatch(/^bad .*\ngood .*\n$/);
});
