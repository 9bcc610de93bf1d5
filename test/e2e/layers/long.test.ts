import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';

/** NAME_MAX and PATH_MAX of limits.h(0p), in bytes; the second counts the NUL as well. */
const NAME_MAX = 255;
const PATH_MAX = 4096;

test('a release file with the longest name that a file can have counts', async () => {
  const name = 'n'.repeat(NAME_MAX - 'extension-release.'.length);
  const tree = { ...HOST, ...extension(name, { files: { 'usr/share/long': 'long\n' } }) };
  await onMachine({ tree }, async (machine) => {
    succeeded(await machine.call('merge'));
    expect(machine.read('usr/share/long')).toBe('long\n');
    expect(succeeded(await machine.call('status --no-legend')).stdout).toContain(` ${name} `);
    succeeded(await machine.call('refresh --always-refresh=yes'));
    succeeded(await machine.call('unmerge'));
  });
});

test('an extension with a name of 255 bytes has no release file; by force it is merged', async () => {
  const name = 'n'.repeat(NAME_MAX);
  const tree = { ...HOST, [`var/lib/extensions/${name}/usr/share/long`]: 'long\n' };
  await onMachine({ tree }, async (machine) => {
    expect(succeeded(await machine.call('merge')).stderr).toMatch(/^Ignoring extension 'n{255}'/);
    expect(machine.mounts()).toEqual([]);
    succeeded(await machine.call('merge --force'));
    expect(machine.read('usr/share/long')).toBe('long\n');
    succeeded(await machine.call('refresh --force --always-refresh=yes'));
    succeeded(await machine.call('unmerge'));
    expect(machine.mounts()).toEqual([]);
  });
});

/** A root so deep that there is hardly a longer path than those of the extensions below it. */
function deepRoot(machine: Machine, longest: string): string {
  let root = machine.root;
  for (
    let left = PATH_MAX - 1 - longest.length - root.length;
    left > 1;
    left = PATH_MAX - 1 - longest.length - root.length
  )
    root = join(root, 'd'.repeat(Math.min(left - 1, NAME_MAX)));
  mkdirSync(root, { recursive: true });
  return root;
}

test('layers whose paths have some 4000 bytes are merged', async () => {
  const longest = '/var/lib/extensions/b/usr/lib/extension-release.d/extension-release.b';
  await onMachine({}, async (machine) => {
    const root = deepRoot(machine, longest);
    buildTree(root, {
      ...HOST,
      ...extension('a', { files: { 'usr/share/a': 'a\n' } }),
      ...extension('b', { files: { 'usr/share/b': 'b\n' } }),
    });
    expect(join(root, longest).length).toBeGreaterThan(PATH_MAX - 4);
    succeeded(await machine.call('merge', { root }));
    for (const verb of ['status', 'refresh --always-refresh=yes', 'list', 'unmerge']) {
      const files = [join(root, 'usr/share/a'), join(root, 'usr/share/b')];
      expect(await machine.namespace.must(['cat', ...files])).toBe('a\nb\n');
      succeeded(await machine.call(verb, { root }));
    }
    expect(machine.mounts()).toEqual([]);
  });
});
