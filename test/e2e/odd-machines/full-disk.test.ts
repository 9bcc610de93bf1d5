import { join } from 'node:path';
import { keyOf } from '../../../src/mount/state-directory.js';
import { findCommand } from '../../support/debian.js';
import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { failsWith, openMachine, script, testAsRoot } from './odd-machine.js';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

describe('a full disk', () => {
  test.each([
    ['without room for content', 'dd if=/dev/zero of=/run/fill bs=4096 2>/dev/null || true', /no space left/],
    ['without room for a name', 'touch $(seq -f /run/%g 20) 2>/dev/null || true', /no space left/],
  ])('at /run %s', async (_, fill, says) => {
    await script(machine, `mount -t tmpfs -o size=16k,nr_inodes=16 full /run; mkdir /run/systemd; ${fill}`);
    await failsWith(machine, new RegExp(`'/run/systemd/sysext.*${says.source}`));
    await script(machine, 'umount /run');
    succeeded(await machine.call('merge'));
  });

  test('at the write directory', async () => {
    const place = join(machine.root, 'var/lib/extensions.mutable');
    await script(
      machine,
      'mkdir "$1"; mount -t tmpfs -o mode=0755,nr_inodes=3 full "$1"; mkdir "$1/usr"; : >"$1/last"',
      place,
    );
    await failsWith(machine, /extensions\.mutable\/.*no space left/, 'merge --mutable=yes');
    await script(machine, 'rm "$1/last"; mount -o remount,nr_inodes=100 "$1"', place);
    succeeded(await machine.call('merge --mutable=yes'));
  });

  testAsRoot('at the metadata', async () => {
    const under = [findCommand('strace')!, '-qq', '-y', '-o', '/dev/null', '-e', 'trace=write,pwrite64'];
    const file = `/run/systemd/sysext/${keyOf(machine.root)}/meta/usr/.systemd-sysext/extensions`;
    under.push('-P', file, '-e', 'inject=write,pwrite64:error=ENOSPC');
    await failsWith(machine, /meta\/usr\/\.systemd-sysext\/extensions'.*no space left/, 'merge', { under });
    succeeded(await machine.call('merge'));
  });
});
