import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../src/host/root.js';
import { provide } from '../../support/debian.js';
import { extension, HOST } from '../../support/fixtures.js';
import { readLayerJson, type WhichJson } from '../../support/layer-schemas.js';
import { Machine } from '../../support/machine.js';
import { below, directory, file, opaqueDirectory, symlink, type Tree, whiteout } from '../../support/tree.js';

const missing = process.getuid?.() === 0 ? provide({ getfattr: 'attr' }) : 'only root makes the marks';

const marked = (name: string, value: string) => ({ xattrs: { [`trusted.overlay.${name}`]: value } });

/** Each thing that overlayfs has a rule for, in layers `c`, `b`, `a` and the host, from the top. */
const CASES: Readonly<Record<'a' | 'b' | 'c' | 'host', Tree>> = {
  c: {
    merged: directory({ mode: 0o700 }),
    'merged/c': 'c',
    removed: whiteout(),
    'opaque/c': 'c',
    'in-the-way/c': 'c',
    'over-whiteout/c': 'c',
    emptied: file('', marked('whiteout', 'y')),
    'not-empty': file('c', marked('whiteout', 'y')),
    renamed: directory(marked('redirect', 'merged')),
    moved: directory(marked('redirect', '/opaque/deep')),
    'type/c': 'c',
    'same-content': 'same',
    'x-marked': directory(marked('opaque', 'x')),
    'x-marked/b': file('', marked('whiteout', 'y')),
    alone: directory(),
    'alone/gone': whiteout(),
  },
  b: {
    'merged/b': 'b',
    opaque: opaqueDirectory(),
    'opaque/deep/b': 'b',
    'in-the-way': 'a file',
    'over-whiteout': whiteout(),
    link: symlink('merged'),
    'x-marked/b': 'b',
    'same-content': 'same',
  },
  a: {
    'merged/a': 'a',
    'removed/a': 'a',
    'opaque/a': 'a',
    'opaque/deep/a': 'a',
    'in-the-way/a': 'a',
    'over-whiteout/a': 'a',
    'x-marked/a': 'a',
    'emptied/a': 'a',
    'link/a': 'a',
    'not-empty': 'a',
  },
  host: {
    'merged/host': 'host',
    'removed/host': 'host',
    'opaque/host': 'host',
    'in-the-way/host': 'host',
    'over-whiteout/host': 'host',
    type: 'host',
    lib64: symlink('lib'),
    'same-content': 'same',
  },
};

/** Numbers that are the same for the same seed (Numerical Recipes, quick and dirty). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Relative paths of all that is below a directory; no symlink is followed. */
function pathsBelow(directory: string, relative = ''): string[] {
  return readdirSync(join(directory, relative), { withFileTypes: true }).flatMap((entry) => {
    const path = join(relative, entry.name);
    return entry.isDirectory() ? [path, ...pathsBelow(directory, path)] : [path];
  });
}

/** A tree of few names, so that layers meet each other everywhere. */
function randomTree(random: (below: number) => number, owner: string, isTop: boolean, depth = 0): Tree {
  const tree: Record<string, Tree[string]> = {};
  for (const name of ['p', 'q', 'r', 's']) {
    const kind = random(depth < 2 ? 12 : 6);
    if (kind === 0) tree[name] = file(owner);
    else if (kind === 1) tree[name] = file('same');
    else if (kind === 2) tree[name] = whiteout();
    else if (kind === 3) tree[name] = file('', marked('whiteout', ''));
    else if (kind === 4) tree[name] = symlink(['p', 'q', '/usr/random0/r', 'p/q'][random(4)]!);
    else if (kind > 5) {
      const redirect = isTop && kind === 6 ? marked('redirect', ['p', 'q', '/random1/p'][random(3)]!) : {};
      tree[name] = kind === 7 ? opaqueDirectory() : directory(redirect);
      for (const [path, entry] of Object.entries(randomTree(random, owner, isTop, depth + 1)))
        tree[join(name, path)] = entry;
    }
  }
  return tree;
}

const layerTree = (name: string, isTop: boolean, seed: number): Tree => ({
  ...below('usr/cases', CASES[name as keyof typeof CASES]),
  ...Object.assign(
    {},
    ...[0, 1, 2].map((part) =>
      below(`usr/random${part}`, randomTree(numbersFrom(10 * part + seed), name, isTop)),
    ),
  ),
});

/** Where layers are that are no extensions. */
const PLACES: Readonly<Record<string, string>> = {
  host: '/usr/',
  'write-directory': '/var/lib/extensions.mutable/usr/',
};

(missing === null ? describe : describe.skip)(
  `against the kernel${missing === null ? '' : ` (${missing})`}`,
  () => {
    let machine: Machine;
    let asked: readonly string[];
    let planned: WhichJson['paths'];
    beforeAll(async () => {
      machine = await Machine.open({
        tree: {
          ...HOST,
          ...layerTree('host', false, 4),
          ...extension('a', { files: layerTree('a', false, 3) }),
          ...extension('b', { files: layerTree('b', false, 2) }),
          // An opaque mark on the directory in which a layer begins means nothing.
          ...extension('c', { files: { ...layerTree('c', true, 1), usr: opaqueDirectory() } }),
        },
      });
      const roots = [
        machine.root,
        ...['a', 'b', 'c'].map((name) => join(machine.root, 'var/lib/extensions', name)),
      ];
      const paths = roots.flatMap((root) => pathsBelow(join(root, 'usr')));
      asked = [...new Set(paths)].sort();
      planned = await which();
      expect(await machine.call('merge')).toMatchObject({ status: 0 });
    });
    afterAll(() => machine.close());

    async function which(): Promise<WhichJson['paths']> {
      const paths = asked.map((path) => `/usr/${path}`);
      const { stdout, stderr } = await machine.call(['which', '--json=short', ...paths]);
      expect(stderr).toBe('');
      return readLayerJson('which-1', stdout).paths;
    }

    function look(path: string) {
      try {
        return lstatSync(path, { throwIfNoEntry: false });
      } catch (error) {
        if (['ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return undefined;
        throw error;
      }
    }
    const content = (path: string) => {
      const stats = lstatSync(path);
      if (stats.isSymbolicLink()) return readlinkSync(path);
      return stats.isFile() ? readFileSync(path, 'utf8') : 'directory';
    };

    /** Holds each answer against what the kernel shows. @returns how many of each kind there were */
    function agree(answers: WhichJson['paths']): Record<string, number> {
      const kinds: Record<string, number> = {};
      for (const [index, found] of answers.entries()) {
        // Symlinks that lead to themselves.
        if (found.kind === 'circle') continue;
        // Symlinks on the way are followed: what was asked for may be another path now.
        const seen = machine.at(found.path);
        const stats = look(seen);
        kinds[found.kind] = (kinds[found.kind] ?? 0) + 1;
        expect({ path: asked[index], found: found.kind }).toEqual({
          path: asked[index],
          found: stats === undefined ? 'missing' : 'copy',
        });
        if (stats === undefined || found.provider === null) continue;
        const { layer, path } = found.provider;
        const place = PLACES[layer.kind] ?? `/var/lib/extensions/${layer.name}/usr/`;
        expect({ path, isThere: path!.startsWith(place) }).toEqual({ path, isThere: true });
        const own = join(machine.root, path!);
        expect({ own, content: content(own) }).toEqual({ own, content: content(seen) });
        expect({ own, mode: lstatSync(own).mode }).toEqual({ own, mode: stats.mode });
        // Of a file the kernel shows the inode of its layer, if all are on one file system, but for what was copied up.
        if (!stats.isDirectory() && layer.kind !== 'write-directory')
          expect({ own, inode: lstatSync(own).ino }).toEqual({ own, inode: stats.ino });
      }
      return kinds;
    }

    test('every path of every layer: what is there, and whose it is', async () => {
      expect(asked.length).toBeGreaterThan(140);
      const before = machine.state();
      const live = await which();
      // What a merge would make is what it made.
      expect(live.map(({ provider }) => provider)).toEqual(planned.map(({ provider }) => provider));
      await machine.expectState(before);
      expect(agree(live)).toEqual({ missing: expect.any(Number), copy: expect.any(Number) });
    });

    test('files lists what is seen, and nothing that is not', async () => {
      for (const name of ['a', 'b', 'c']) {
        const { stdout } = await machine.call(['files', name, '--json=short']);
        const { files } = readLayerJson('files-1', stdout);
        const root = join(machine.root, 'var/lib/extensions', name);
        const all = pathsBelow(join(root, 'usr')).map((path) => `/usr/${path}`);
        expect(files.map(({ path }) => path).sort()).toEqual(all.sort());
        for (const { path, visibility, directory: isDirectory } of files) {
          const seen = look(machine.at(path));
          const own = lstatSync(join(root, path));
          const isSeen = seen !== undefined && (isDirectory ? seen.isDirectory() : seen.ino === own.ino);
          const wanted = visibility !== 'hidden' && (visibility !== 'removes' || isDirectory);
          // A hidden directory may stand where another one is seen.
          if (visibility === 'hidden' && isDirectory) continue;
          expect({ name, path, visibility, isSeen }).toEqual({ name, path, visibility, isSeen: wanted });
        }
      }
    });

    test('which --all lists what is in a directory', async () => {
      for (const path of ['/usr/cases', '/usr/cases/renamed', '/usr/cases/x-marked', '/usr/random2']) {
        const { stdout } = await machine.call(['which', '--all', '--json=short', path]);
        const [found] = readLayerJson('which-1', stdout).paths;
        const listed = found!.entries!.filter(({ layers }) => layers.length > 0).map(({ name }) => name);
        const seen = readdirSync(machine.at(path)).filter(
          (name) => look(machine.at(join(path, name))) !== undefined,
        );
        expect({ path, listed }).toEqual({ path, listed: seen.sort() });
      }
    });

    test('what was written: directories that were renamed, removed and made again', async () => {
      expect(await machine.call('unmerge')).toMatchObject({ status: 0 });
      expect(await machine.call('merge --mutable=yes')).toMatchObject({ status: 0 });
      const script = [
        'set -e; cd "$1"',
        'mv not-empty written; chmod 600 same-content; rm -r over-whiteout; echo new >over-whiteout',
        'mv x-marked away; mv away/a away/z; mkdir x-marked; mv opaque in-the-way/opaque',
        'rm -r merged; mkdir merged; echo new >merged/new; rm type/c',
      ].join('\n');
      await machine.namespace.must(['sh', '-c', script, 'sh', join(machine.root, 'usr/cases')]);
      asked = [...new Set([...asked, ...pathsBelow(machine.at('usr/cases')).map((path) => `cases/${path}`)])];
      const answers = await which();
      agree(answers);
      const written = answers.filter(({ provider }) => provider?.layer.kind === 'write-directory');
      expect(written.length).toBeGreaterThan(7);
    });
  },
);
