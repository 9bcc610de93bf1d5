import { fail } from '../../support/fault.js';
import { onMachine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { change, TREE } from './readers.js';

/** A hierarchy that is a mount of its own, with a mount of somebody else beside it. */
const BEFORE = [
  'cp -a $R/usr $R/usr.copy; mount -t tmpfs tmp $R/usr; cp -a $R/usr.copy/. $R/usr',
  'mkdir $R/data; mount -t tmpfs data $R/data; echo d >$R/data/d',
].join('\n');

/** Of mount(8): it copies a tree, and is killed before the copy is private. `$6` and `$7` are from and to. */
const SHARED_COPY = '"$real" -n -i -o rbind "$6" "$7"; kill -KILL "$$"';
/** The same, and the program under test is killed as well. */
const BOTH_KILLED = `kill -KILL "$PPID"; ${SHARED_COPY}`;

const isCopyOfAll = (call: string): boolean => /-o rbind --make-rprivate .*\/root .*\/host\/0$/.test(call);

test('a copy of all mounts that was not made private takes none of them away with it', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    await machine.namespace.must(['env', `R=${machine.root}`, 'sh', '-ec', BEFORE]);
    succeeded(await machine.call('merge'));
    const before = machine.state();
    change(machine);
    const faults = machine.faults();
    succeeded(await machine.call('refresh', { faults }));
    const number = faults.calls().findIndex(isCopyOfAll) + 1;
    expect(number).toBeGreaterThan(0);
    for (const fault of [SHARED_COPY, fail, BOTH_KILLED]) {
      change(machine);
      const merged = machine.state();
      faults.plan({ [number]: fault });
      const finished = await machine.call('refresh --log-level=warning', { faults });
      if (finished.status === 1) {
        failedWith(finished);
        await machine.expectState(merged);
      }
      succeeded(await machine.call('refresh'));
      expect(machine.read('data/d')).toBe('d\n');
    }
    if (machine.read('usr/share/goes') !== null) change(machine);
    succeeded(await machine.call('refresh'));
    const paths = (mounts: readonly string[]) => mounts.map((line) => line.split(' ')[0]);
    const { mounts, run } = machine.state();
    expect({ mounts: paths(mounts), run }).toEqual({ mounts: paths(before.mounts), run: before.run });
  });
});
