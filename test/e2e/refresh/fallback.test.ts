import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { isStandalone } from '../../support/program.js';
import { findUtilLinux } from '../../support/util-linux.js';
import { withoutKoffi } from '../../support/without-koffi.js';
import { ALWAYS, change, REFRESHES, TREE, whileRead } from './readers.js';

/** mount(8) has `--beneath` since 2.42. */
const isNew = (version: string): boolean => Number(/\d+\.(\d+)/.exec(version)?.[1]) >= 42;

async function refreshWith(install: (directory: string) => string, propagation: 'shared' | 'private') {
  return onMachine({ tree: TREE, propagation }, async (machine) => {
    const env = { ...withoutKoffi(machine), PATH: install(join(machine.directory, 'programs')) };
    const before = machine.state();
    succeeded(await machine.call('merge', { env }));
    const seen = await whileRead(machine, ALWAYS, async () => {
      for (let count = 0; count < REFRESHES; count++) {
        const isThere = change(machine);
        succeeded(await machine.call('refresh', { env }));
        expect(machine.read('usr/share/goes')).toBe(isThere ? 'goes\n' : null);
        expect(machine.mounts()).toHaveLength(2);
      }
    });
    succeeded(await machine.call('unmerge', { env }));
    expect(machine.state()).toMatchObject({ mounts: before.mounts, run: before.run });
    return seen;
  });
}

// The executable has a way to the C library in it, and needs no mount(8) for that.
(isStandalone() ? describe.skip : describe)('without a way to the C library', () => {
  const editions = findUtilLinux();

  const newer = editions.filter(({ version }) => isNew(version));
  const older = editions.filter(({ version }) => !isNew(version));

  test.each(newer)('no file vanishes with $version', async ({ install }) => {
    expect(await refreshWith(install, 'private')).toMatchObject({ failures: 0, examples: [] });
  });

  test.each(older)('no file vanishes with $version where mounts are shared', async ({ install }) => {
    expect(await refreshWith(install, 'shared')).toMatchObject({ failures: 0, examples: [] });
  });

  test.each(older)(
    'files vanish for a moment with $version where mounts are private',
    async ({ install }) => {
      const { failures, longest } = await refreshWith(install, 'private');
      expect(failures).toBeGreaterThan(0);
      expect(longest).toBeLessThan(500);
    },
  );
});

// The script of `plan` knows mount(8) only; with an older one it says that there is a gap.
test.each(findUtilLinux())('the script of plan with $version', async ({ version, install }) => {
  await onMachine({ tree: TREE }, async (machine) => {
    const path = install(join(machine.directory, 'programs'));
    const script = join(machine.directory, 'script');
    succeeded(await machine.call('merge'));
    const { failures } = await whileRead(machine, ALWAYS, async () => {
      for (let count = 0; count < 2; count++) {
        const isThere = change(machine);
        writeFileSync(script, succeeded(await machine.call('plan --format=sh refresh')).stdout);
        expect(readFileSync(script, 'utf8')).toContain('for a moment neither is seen');
        const finished = await machine.namespace.run(['env', `PATH=${path}`, 'sh', script]);
        expect(finished).toEqual({ status: 0, stdout: '', stderr: '' });
        expect(machine.read('usr/share/goes')).toBe(isThere ? 'goes\n' : null);
        expect(machine.mounts()).toHaveLength(2);
      }
    });
    expect(failures > 0).toBe(!isNew(version));
    succeeded(await machine.call('unmerge'));
    expect(machine.mounts()).toEqual([]);
  });
});
