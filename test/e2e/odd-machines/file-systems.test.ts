import { readFileSync } from 'node:fs';
import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { changeTree } from '../../support/tree.js';
import { until } from '../../support/until.js';
import { openMachine, script, testAsRoot } from './odd-machine.js';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

test('a busy hierarchy: who works in it goes on, and sees what was there when it began', async () => {
  succeeded(await machine.call('merge'));
  const busy = machine.namespace.run([
    'sh',
    '-ec',
    'cd "$1/opt"; exec 3<a; : >"$1/../ready"; until [ -e "$1/../go" ]; do sleep 0.02; done; cat <&3; cat a',
    'sh',
    machine.root,
  ]);
  await until('it to begin', () =>
    machine.namespace.run(['test', '-e', `${machine.directory}/ready`]).then(({ status }) => status === 0),
  );
  changeTree(machine.root, { add: { 'var/lib/extensions/a/opt/b': 'b\n' } });
  succeeded(await machine.call('refresh --always-refresh=yes'));
  succeeded(await machine.call('unmerge'));
  await script(machine, ': >"$1/go"', machine.directory);
  expect(await busy).toMatchObject({ status: 0, stdout: 'a\na\n' });
  expect(machine.mounts()).toEqual([]);
});

testAsRoot(
  'a file system below a hierarchy that never answers, as of a server that is gone: nothing waits for it',
  async () => {
    // A FUSE program that reads no requests.
    const hold =
      'exec 3<>/dev/fuse; mount -n -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 gone "$1/usr/remote"; echo $$ >"$1/../pid"; exec sleep 60';
    const holder = machine.namespace.run(['sh', '-ec', hold, 'sh', machine.root], { timeout: 60_000 });
    const pid = await until('it to be mounted', () => {
      try {
        return Number(readFileSync(machine.namespace.path(`${machine.directory}/pid`), 'utf8'));
      } catch {
        return null;
      }
    });
    try {
      const where = () =>
        machine
          .mounts()
          .map(({ mountPoint, type }) => `${mountPoint.slice(machine.root.length)} ${type}`)
          .sort();
      const before = where();
      for (const verb of ['merge', 'status', 'refresh --always-refresh=yes'])
        succeeded(await machine.call(verb));
      expect(where()).toEqual(['/opt overlay', '/usr overlay', '/usr/remote fuse']);
      succeeded(await machine.call('unmerge'));
      expect(where()).toEqual(before);
    } finally {
      process.kill(pid);
      await holder;
      await script(machine, 'umount --lazy "$1/usr/remote"', machine.root);
    }
  },
);
