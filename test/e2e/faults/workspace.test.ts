import { join } from 'node:path';
import { keyOf, SYSTEM_DIRECTORY } from '../../../src/mount/state-directory.js';
import { fail } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failed, succeeded } from '../../support/outcome.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a') } });
  // As on a machine with systemd.
  await machine.namespace.must(['mkdir', '/run/systemd']);
});
afterEach(() => machine.close());

test('why a merge failed is said also if its workspace cannot be unmounted', async () => {
  const before = machine.state();
  const faults = machine.faults();
  faults.plan({}, `case "$command $*" in umount*|*lowerdir=*) ${fail};; esac`);
  const lines = failed(await machine.call('merge --log-level=warning', { faults }));
  expect(lines).toEqual([
    expect.stringMatching(/^Failed to unmount '\/run\/systemd\/sysext\/root-/),
    expect.stringMatching(/^Failed to mount the overlay for '\/usr'/),
  ]);
  succeeded(await machine.call('unmerge'));
  await machine.expectState(before);
});

test('files of somebody else where the workspace is mounted stay, and are in nobody’s way', async () => {
  const place = join(SYSTEM_DIRECTORY, keyOf(machine.root));
  await machine.namespace.must([
    'sh',
    '-ec',
    'mkdir -m 0700 "$1" "$0"; echo precious > "$0/file"',
    place,
    SYSTEM_DIRECTORY,
  ]);
  const before = machine.state();
  expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toBe('');
  expect(succeeded(await machine.call('unmerge --log-level=warning')).stderr).toBe('');
  await machine.expectState(before);
  expect(await machine.namespace.must(['cat', join(place, 'file')])).toBe('precious\n');
});
