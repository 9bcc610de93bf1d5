import { findCommand } from '../../support/debian.js';
import { quote } from '../../support/fault.js';
import { sysextTree } from '../../support/fixtures.js';
import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { failsWith, openMachine, testAsRoot } from './odd-machine.js';

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
    machine.addImage(
      'squashfs',
      'var/lib/extensions/image.raw',
      sysextTree('image', { files: { 'opt/image': '' } }),
    );
    await failsWith(
      machine,
      /^Failed to mount image 'image' .*loop device.*Nothing was changed\./,
      'merge',
      failing(/^mount .* -a /, 'ioctl', 'ENOSPC'),
    );
    succeeded(await machine.call('merge'));
  });
});
