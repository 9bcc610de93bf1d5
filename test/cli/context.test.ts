import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../src/cli/command-line.js';
import {
  belowGivenRoot,
  chooseHierarchies,
  EnvironmentError,
  RootError,
  resolveRoot,
} from '../../src/cli/context.js';
import { buildTree, directory, symlink } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'context-')));
});
afterEach(() => rmSync(base, { recursive: true }));

test('the root is a directory, without symlinks', () => {
  buildTree(base, { d: directory(), l: symlink('d'), f: '', circle: symlink('circle') });
  expect(resolveRoot(join(base, 'l', '..', 'l'))).toBe(join(base, 'd'));
  expect(resolveRoot('/')).toBe('/');
  for (const name of ['x', 'f', 'f/x', 'circle'])
    expect(() => resolveRoot(join(base, name))).toThrow(RootError);
});

test.each([
  ['/', '/var/a', '/', '/var/a'],
  ['/link', '/real/var/a', '/real', '/link/var/a'],
  ['/link/', '/real/var/a', '/real', '/link/var/a'],
  ['//link/.', '/real/var/a', '/real', '/link/var/a'],
  ['/link/../b', '/real/var/a', '/real', '/real/var/a'],
])('below --root=%s, %s is shown by the name that was given', async (given, path, root, shown) => {
  const commandLine = await readCommandLine([`--root=${given}`], 'sysext', {});
  expect(belowGivenRoot({ root, commandLine }, path)).toBe(shown);
});

async function hierarchies(value: string | undefined, program = 'sysext'): Promise<readonly string[]> {
  const commandLine = await readCommandLine([], program, {});
  const variable = commandLine.extensionClass.hierarchiesVariable;
  return chooseHierarchies(commandLine, { [variable]: value });
}

test('hierarchies of the class', async () => {
  expect(await hierarchies(undefined)).toEqual(['/usr', '/opt']);
  expect(await hierarchies(undefined, 'confext')).toEqual(['/etc']);
});

test.each([
  ['/x', ['/x']],
  ['/x:/y/z', ['/x', '/y/z']],
  ['/x/:/y///', ['/x', '/y']],
  ['/x:/x/:/x', ['/x']],
  ['/a b:/ü', ['/a b', '/ü']],
  ['/..x:/x..', ['/..x', '/x..']],
  ['/a/b:/a.c', ['/a/b', '/a.c']],
])('%j names %j', async (value, wanted) => {
  expect(await hierarchies(value)).toEqual(wanted);
  expect(await hierarchies(value, 'confext')).toEqual(wanted);
});

test.each(['x', '/', '//', '/x:', ':/x', '/x::/y', '/x//y', '/x/../y', '/..', '/.', '/x/.', './x', ' /x'])(
  '%j cannot be meant',
  async (value) => {
    await expect(hierarchies(value)).rejects.toThrow(EnvironmentError);
  },
);

/** Places in the workspace and write directories are called after them. */
test.each(['/h/a:/h.a', '/h.a:/x:/h/a/', '/a/b/c:/a.b/c'])('%j would share their places', async (value) => {
  for (const program of ['sysext', 'confext'])
    await expect(hierarchies(value, program)).rejects.toThrow(
      expect.objectContaining({
        constructor: EnvironmentError,
        variable: `SYSTEMD_${program.toUpperCase()}_HIERARCHIES`,
        value,
        wanted: expect.stringContaining('differ'),
      }),
    );
});
