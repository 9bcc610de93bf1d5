import { hang, killAfter, killBefore } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
});
afterEach(() => machine.close());

test.each([
  ['before', killBefore],
  ['after', killAfter],
])(
  'a call that is killed %s it has a workspace, and a later one, leave nothing in /run',
  async (_, fault) => {
    const faults = machine.faults();
    faults.plan({ 2: fault });
    expect(await machine.call('merge', { faults })).toMatchObject({ status: 137 });
    succeeded(await machine.call('unmerge'));
    expect(machine.state().run).toEqual([]);
  },
);

test('a call that is killed when its workspace is gone, and a later one, leave nothing in /run', async () => {
  const faults = machine.faults();
  // The workspace of a directory for two hierarchies: lock, tmpfs, two overlays, two binds, and the end of it.
  faults.plan({ 7: killAfter });
  expect(await machine.call('merge', { faults })).toMatchObject({ status: 137 });
  expect(faults.calls()[6]).toMatch(/^umount/);
  succeeded(await machine.call('unmerge'));
  expect(machine.state().run).toEqual([]);
});

test('two calls at the same time leave nothing in /run', async () => {
  const finished = await Promise.all([machine.call('refresh'), machine.call('refresh')]);
  for (const each of finished) succeeded(each);
  expect(machine.state().run).toEqual([]);
});

test('a call that has waited in vain leaves nothing in /run that is not the other one’s', async () => {
  const faults = machine.faults();
  faults.plan({ 2: hang });
  const slow = machine.call('merge', { faults });
  await faults.reached(2);
  failedWith(await machine.call('merge --lock-timeout=0'));
  await faults.release();
  succeeded(await slow);
  expect(machine.state().run).toEqual([]);
});
