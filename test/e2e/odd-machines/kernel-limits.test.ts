import { findCommand } from '../../support/debian.js';
import { quote } from '../../support/fault.js';
import { sysextTree } from '../../support/fixtures.js';
import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { failsWith, openMachine, script, testAsRoot } from './odd-machine.js';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

describe('a kernel that has no more', () => {
  /** Stand-ins for programs of which one cannot make a system call. */
  const failing = (command: RegExp, systemCall: string, error: string) => {
    const faults = machine.faults();
    const strace = `exec ${findCommand('strace')} -qq -o /dev/null -e inject=${systemCall}:error=${error} "$real" "$@"`;
    faults.plan({}, `if echo "$command $*" | grep -q ${quote(command.source)}; then ${strace}; fi`);
    return { faults };
  };

  testAsRoot('memory, when the workspace is mounted', async () => {
    await failsWith(
      machine,
      /^Failed to mount a tmpfs at .*memory/i,
      'merge',
      failing(/^mount .*tmpfs/, 'mount', 'ENOMEM'),
    );
  });

  testAsRoot('memory, when the overlay is mounted', async () => {
    await failsWith(
      machine,
      /^Failed to mount the overlay for '\/usr': .*memory.*Nothing was changed\./i,
      'merge',
      failing(/overlay/, 'mount', 'ENOMEM'),
    );
  });

  testAsRoot('memory, when a refresh mounts the overlay: what was merged stays', async () => {
    succeeded(await machine.call('merge'));
    await failsWith(
      machine,
      /^Failed to mount the overlay for '\/usr'/,
      'refresh --always-refresh=yes',
      failing(/overlay/, 'mount', 'ENOMEM'),
    );
  });

  testAsRoot('loop devices', async () => {
    const files = sysextTree('image', { files: { 'opt/image': '' } });
    machine.addImage('squashfs', 'var/lib/extensions/image.raw', files);
    // As in a container that may make them, and gets no node for the one that the kernel names.
    await script(
      machine,
      'mount -t tmpfs -o mode=0755 tmpfs /dev; mknod -m 666 /dev/null c 1 3; mknod /dev/loop-control c 10 237',
    );
    await failsWith(machine, /^Failed to mount image 'image' .*loop device.*Nothing was changed\./);
    await script(machine, 'umount /dev');
    succeeded(await machine.call('merge'));
  });
});
