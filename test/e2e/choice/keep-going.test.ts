import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { readPlan } from '../../support/plan-schema.js';
import { file } from '../../support/tree.js';

const TREE = {
  ...HOST,
  ...extension('good'),
  ...extension('old', { release: 'ID=debian\nVERSION_ID=12\n' }),
  // Only when the stacks are built it shows that there is a file in place of /opt.
  ...extension('late', { files: { opt: 'a file\n' } }),
  'var/lib/extensions/text.raw': file('no image\n'),
};

/** What is left in front is enough for it to be recognised, and not for the kernel. */
function damage(machine: Machine, name: string): void {
  const image = openSync(join(machine.root, `var/lib/extensions/${name}.raw`), 'r+');
  // The superblock of squashfs has 96 bytes; what it points to follows.
  writeSync(image, Buffer.alloc(200), 0, 200, 96);
  closeSync(image);
}

const withImages = process.getuid?.() === 0 ? test : test.skip;

withImages('what is broken is skipped, each with its reason, and the others are merged', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    machine.addImage(
      'squashfs',
      'var/lib/extensions/fine.raw',
      sysextTree('fine', { files: { 'usr/share/fine': 'x' } }),
    );
    machine.addImage('squashfs', 'var/lib/extensions/cut.raw', sysextTree('cut'));
    damage(machine, 'cut');
    const before = machine.state();
    expect(failedWith(await machine.call('merge'))).toMatch(
      /^Cannot use image 'text' .* Nothing was changed\.$/,
    );
    await machine.expectState(before);

    const plan = await machine.call('plan merge --keep-going --json=short');
    expect(plan.status).toBe(0);
    const { extensions, skipped } = readPlan(plan.stdout);
    expect([extensions, skipped.map(({ name }) => name).sort()]).toEqual([
      ['fine', 'good'],
      ['cut', 'late', 'text'],
    ]);
    await machine.expectState(before);

    const merged = await machine.call('merge --keep-going');
    expect(merged.status).toBe(3);
    const lines = merged.stderr.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      expect.stringMatching(/^Cannot use image 'text' .*: it is a text file; .* It is skipped\.$/),
      expect.stringMatching(/^Failed to mount image 'cut' .* It is skipped\.$/),
      expect.stringMatching(/^Ignoring extension 'old' /),
      expect.stringMatching(
        /^Cannot merge extension 'late' into '\/opt': .* is not a directory; .* It is skipped\.$/,
      ),
      "Using extensions 'fine.raw', 'good'.",
    ]);
    expect(machine.read('usr/share/fine')).toBe('x');

    // One that is merged and breaks comes off with the next refresh; without the option it stays.
    writeFileSync(join(machine.root, 'var/lib/extensions/fine.raw'), 'no image any more\n');
    const shown = machine.state();
    expect((await machine.call('refresh')).status).toBe(1);
    await machine.expectState(shown);
    expect((await machine.call('refresh --keep-going --exit-code')).status).toBe(3);
    expect(machine.read('usr/.systemd-sysext/extensions')).toBe('good\n');
    // Nothing broken is chosen, so nothing is skipped.
    succeeded(await machine.call('refresh --keep-going good'));
    succeeded(await machine.call('unmerge'));
    expect(machine.state()).toMatchObject({ mounts: before.mounts, loops: before.loops, run: before.run });
  });
});
