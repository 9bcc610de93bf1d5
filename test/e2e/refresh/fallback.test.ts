import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { isStandalone } from '../../support/program.js';
import { findUtilLinux } from '../../support/util-linux.js';
import { ALWAYS, change, REFRESHES, TREE, whileRead } from './readers.js';

/** The environment of a Node that has no way to call the C library, with a mount(8). */
function withoutCalls(machine: Machine, path: string): Record<string, string> {
  const file = join(machine.directory, 'no-koffi.cjs');
  writeFileSync(
    file,
    `const Module = require('module');
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === 'koffi') throw new Error('not installed');
  return load(name, ...rest);
};
`,
  );
  return { NODE_OPTIONS: `--require=${file}`, PATH: path };
}

/** mount(8) has `--beneath` since 2.42. */
const isNew = (version: string): boolean => Number(/\d+\.(\d+)/.exec(version)?.[1]) >= 42;

async function refreshWith(install: (directory: string) => string) {
  return onMachine({ tree: TREE }, async (machine) => {
    const env = withoutCalls(machine, install(join(machine.directory, 'programs')));
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

  test.each(editions.filter(({ version }) => isNew(version)))(
    'no file vanishes with $version',
    async ({ install }) => {
      expect(await refreshWith(install)).toMatchObject({ failures: 0, examples: [] });
    },
  );

  test.each(editions.filter(({ version }) => !isNew(version)))(
    'files vanish for a moment with $version, which the reader notices',
    async ({ install }) => {
      const { failures, longest } = await refreshWith(install);
      expect(failures).toBeGreaterThan(0);
      expect(longest).toBeLessThan(500);
    },
  );
});
