import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { changeTree, directory, type Entry, fifo, file, symlink } from '../../support/tree.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
});
afterEach(() => machine.close());

const CASES: readonly (readonly [what: string, entry: Entry | null, says: RegExp])[] = [
  [
    'missing',
    null,
    /^No os-release file: neither of '.*\/etc\/os-release', '.*\/usr\/lib\/os-release' exists/,
  ],
  ['without ID=', 'NAME=something\n', /^'ID' field not found or empty in '.*os-release'/],
  ['empty', '', /^'ID' field not found or empty in '.*os-release'/],
  ['a directory', directory(), /^Failed to read '.*os-release': .*not a regular file/],
  ['a FIFO', fifo(), /^Failed to read '.*os-release': .*not a regular file/],
  ['a symlink to itself', symlink('os-release'), /^Failed to read '.*os-release': .*symbolic links/i],
  [
    'huge',
    file(() => Buffer.alloc(2 * 1024 * 1024, 'A=1\n')),
    /^Failed to read '.*os-release': .*larger than/,
  ],
];

test.each(CASES)(
  'an os-release that is %s: nothing is merged, and one line says why',
  async (_, entry, says) => {
    changeTree(machine.root, {
      remove: ['usr/lib/os-release'],
      ...(entry === null ? {} : { add: { 'usr/lib/os-release': entry } }),
    });
    const before =
      entry !== null && typeof entry !== 'string' && entry.kind === 'special' ? null : machine.state();
    expect(failedWith(await machine.call('merge'))).toMatch(says);
    if (before !== null) await machine.expectState(before);
    expect(machine.mounts()).toEqual([]);
    succeeded(await machine.call('status'));
    succeeded(await machine.call('list'));
  },
);

test('a refresh without an os-release leaves what is merged', async () => {
  changeTree(machine.root, { remove: ['usr/lib/os-release'], add: { 'etc/os-release': 'ID=debian\n' } });
  succeeded(await machine.call('merge'));
  changeTree(machine.root, { remove: ['etc/os-release'] });
  const before = machine.state();
  failedWith(await machine.call('refresh --always-refresh=yes'));
  await machine.expectState(before);
});

test('SYSTEMD_OS_RELEASE names another one below the root', async () => {
  changeTree(machine.root, { remove: ['usr/lib/os-release'], add: { 'srv/release': 'ID=other\n' } });
  succeeded(await machine.call('merge', { env: { SYSTEMD_OS_RELEASE: '/srv/release' } }));
  expect(machine.read('opt/a')).toBe('a\n');
});

test('status and list do without one', async () => {
  changeTree(machine.root, { remove: ['usr/lib/os-release'] });
  succeeded(await machine.call('status'));
  expect(succeeded(await machine.call('list --no-legend')).stdout).toMatch(/^a directory /);
});
