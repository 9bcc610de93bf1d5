import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { openElf } from '../../../../src/check/elf/open-elf.js';
import { isProgram } from '../../../../src/check/elf/programs.js';
import { load } from '../../../../src/check/elf/search/load.js';
import { Searches } from '../../../../src/check/elf/search/searches.js';
import { Surroundings } from '../../../../src/check/elf/surroundings.js';
import { debianTrees } from '../../../support/debian-tree.js';
import { withChecked } from '../../checked.js';

/** Every so many of the files in a directory, that the test is quick. */
function sample(directory: string, count: number): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  const step = Math.max(1, Math.floor(files.length / count));
  return files.filter((_, index) => index % step === 0).map(({ name }) => join(directory, name));
}

/** What a loader of this machine says of programs, beside what we say. `null` for what is no program for it. */
function compare(paths: readonly string[]): { path: string; real: Said; ours: Said }[] {
  return withChecked({ tree: {} }, (image) => {
    const opened = { ...image, host: { root: '/', release: null as never } };
    const surroundings = new Surroundings(opened);
    const searches = new Searches(surroundings);
    return paths.flatMap((path) => {
      const file = openElf(path);
      if (file.kind !== 'elf' || !isProgram(file.elf) || file.elf.interpreter === null) return [];
      if (!existsSync(file.elf.interpreter)) return [];
      const place = { from: 'host', path, seenAt: path, file: path } as const;
      const plan = load({ place, elf: file.elf, loader: null }, searches.of(file.elf), surroundings);
      return [{ path, real: askLoader(file.elf.interpreter, path), ours: say(plan) }];
    });
  });
}

/** Libraries and where they are, without the loader itself, which some need by its name; versions that are not there. */
interface Said {
  readonly libraries: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly versions: readonly string[];
}

function say({ needs, missingVersions }: ReturnType<typeof load>): Said {
  const found = needs.flatMap(({ library, found: one }) =>
    typeof one === 'string' || /^ld-/.test(library) ? [] : [[library, realpathSync(one.place.file)] as const],
  );
  return {
    libraries: Object.fromEntries(found),
    missing: sorted(needs.flatMap(({ library, found: one }) => (one === 'missing' ? [library] : []))),
    versions: sorted(missingVersions.map(({ version }) => version)),
  };
}

function askLoader(loader: string, path: string): Said {
  const env = { LC_ALL: 'C' };
  const { stdout, stderr } = spawnSync(loader, ['--list', path], { encoding: 'utf8', env });
  const all = stdout + stderr;
  const found = [...stdout.matchAll(/^\t(\S+) => (\/\S+) \(/gm)].filter(([, name]) => !/^ld-/.test(name!));
  return {
    libraries: Object.fromEntries(found.map(([, name, file]) => [name!, realpathSync(file!)])),
    missing: sorted(
      [...all.matchAll(/(?:^\t|libraries: )(\S+?)(?: => not found|: cannot open)/gm)].map(
        (match) => match[1]!,
      ),
    ),
    versions: sorted([...all.matchAll(/version [`'](\S+)' not found/g)].map((match) => match[1]!)),
  };
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();

const hasGnu = existsSync('/lib64/ld-linux-x86-64.so.2') || existsSync('/lib/ld-linux-aarch64.so.1');

(hasGnu ? test : test.skip)('programs of this machine have the libraries that their loader says', () => {
  const compared = compare([process.execPath, ...sample('/usr/bin', 25), ...sample('/usr/sbin', 5)]);
  expect(compared.length).toBeGreaterThan(5);
  for (const { path, real, ours } of compared) expect({ path, ...ours }).toEqual({ path, ...real });
});

const trees = hasGnu ? debianTrees() : [];
(trees.length > 0 ? test : test.skip)(
  'programs of another Debian lack here what the loader says they lack',
  () => {
    const compared = compare(trees.flatMap((tree) => sample(join(tree, 'usr/bin'), 25)));
    expect(compared.length).toBeGreaterThan(5);
    for (const { path, real, ours } of compared) {
      // Of several libraries that are missing the loader names the first, and then says nothing of versions.
      const isMissing = real.missing.length > 0 || ours.missing.length > 0;
      if (isMissing) expect(ours.missing).toEqual(expect.arrayContaining([...real.missing]));
      else expect({ path, versions: ours.versions }).toEqual({ path, versions: real.versions });
      expect({ path, isMissing: ours.missing.length > 0 }).toEqual({
        path,
        isMissing: real.missing.length > 0,
      });
    }
  },
);
