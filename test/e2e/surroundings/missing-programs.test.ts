import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../support/debian.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { isStandalone } from '../../support/program.js';
import { withoutKoffi } from '../../support/without-koffi.js';

const PROGRAMS = ['mount', 'umount', 'flock'];

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
});
afterEach(() => machine.close());

/** A `PATH` with nothing but what the program needs, less one. */
function pathWithout(missing: string): string {
  const directory = join(machine.directory, 'bin');
  mkdirSync(directory);
  for (const name of PROGRAMS) if (name !== missing) symlinkSync(findCommand(name)!, join(directory, name));
  return directory;
}

test.each(['mount', 'umount'])(
  'without %s merging fails in one line, and leaves nothing',
  async (missing) => {
    const env = { PATH: pathWithout(missing) };
    const before = machine.state();
    const line = failedWith(await machine.call('merge --log-level=warning', { env }));
    expect(line).toContain(`${missing}(`);
    expect(line).toContain('util-linux');
    await machine.expectState(before);
    succeeded(await machine.call('merge'));
  },
);

test('without umount unmerging fails in one line, and leaves what is merged', async () => {
  succeeded(await machine.call('merge'));
  const env = { PATH: pathWithout('umount') };
  const before = machine.state();
  expect(failedWith(await machine.call('unmerge', { env }))).toContain('umount(');
  await machine.expectState(before);
  succeeded(await machine.call('unmerge'));
});

test('without flock the lock is taken by the system call; only where there is no way to that it is needed', async () => {
  const env = { PATH: pathWithout('flock') };
  const before = machine.state();
  succeeded(await machine.call('merge', { env }));
  succeeded(await machine.call('unmerge', { env }));
  await machine.expectState(before);
  if (isStandalone()) return;
  const line = failedWith(await machine.call('merge', { env: { ...env, ...withoutKoffi(machine) } }));
  expect(line).toContain('flock(1)');
  await machine.expectState(before);
});

test('an empty PATH is as good as none', async () => {
  succeeded(await machine.call('merge', { env: { PATH: '' } }));
  succeeded(await machine.call('unmerge', { env: { PATH: '' } }));
});
