import fc from 'fast-check';
import { DEBIAN } from '../support/fixtures.js';
import { below, directory, type Entry, symlink, type Tree } from '../support/tree.js';
import type { Call, Scenario } from './scenario.js';

/*
 * Scenarios that nobody thought of. They keep away from what intended-differences.ts lists, but for two that only
 * change words of the output, and from what the original does otherwise below a root.
 */

type ClassName = 'sysext' | 'confext';

const SEARCH: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['etc/extensions', 'run/extensions', 'var/lib/extensions'],
  confext: ['run/confexts', 'var/lib/confexts'],
};
const RELEASES: Readonly<Record<ClassName, string>> = {
  sysext: 'usr/lib/extension-release.d',
  confext: 'etc/extension-release.d',
};
const FILES: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['usr/bin/host', 'usr/share/x', 'usr/share/y', 'opt/x', 'opt/z', 'srv/ignored'],
  confext: ['etc/host', 'etc/x', 'etc/y', 'usr/ignored'],
};
const HIERARCHIES: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['usr', 'opt'],
  confext: ['etc'],
};
const NAMES = ['a', 'b', 'a-1', 'Z', 'ä', 'a b'] as const;

/** A line of a release file, with the quotes and comments that the syntax allows. */
const line = (key: string, ...values: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom('', ...values.flatMap((value) => [`${key}=${value}\n`, `# x\n${key}="${value}"\n`]));

const hostRelease = fc.constantFrom(
  DEBIAN,
  'ID=debian\n',
  'ID=ubuntu\nID_LIKE="x debian"\nVERSION_ID=13\n',
  `${DEBIAN}SYSEXT_LEVEL=1\nCONFEXT_LEVEL=2\n`,
);

const release = (cls: ClassName): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('ID=_any\n', 'ID=debian\n', "ID='debian'\n", 'ID=fedora\n', ''),
      line('VERSION_ID', '13', '12'),
      line(`${cls.toUpperCase()}_LEVEL`, '1', '2'),
      line(`${cls.toUpperCase()}_SCOPE`, 'system', 'portable', 'initrd system', ''),
      line('ARCHITECTURE', 'x86-64', '_any', 'arm64'),
    )
    .map((lines) => lines.join(''));

/** What an extension has at a path: nothing, a file, a directory with a file, a symlink. */
const content = (path: string): fc.Arbitrary<Tree> =>
  fc.constantFrom<Tree[]>(
    {},
    { [path]: 'from an extension\n' },
    { [`${path}/inner`]: 'deeper\n' },
    { [path]: symlink('host') },
    { [path]: directory({ mode: 0o700 }) },
  );

const files = (cls: ClassName): fc.Arbitrary<Tree> =>
  fc.tuple(...FILES[cls].map(content)).map((trees) => Object.assign({}, ...trees) as Tree);

/** The files of an image; sometimes without a release file, or with that of another name. */
const image = (cls: ClassName, name: string): fc.Arbitrary<Tree> =>
  fc
    .tuple(release(cls), fc.constantFrom(name, name, name, name, 'other', null), files(cls))
    .map(([text, as, more]) => ({
      ...(as === null ? {} : { [`${RELEASES[cls]}/extension-release.${as}`]: text }),
      ...more,
    }));

type Shape = 'directory' | 'symlink' | 'versions' | 'empty' | 'file' | 'dangling';
const SHAPES: readonly Shape[] = [
  'directory',
  'directory',
  'symlink',
  'versions',
  'empty',
  'file',
  'dangling',
];
const VERSIONS = ['1', '1.10', '1.9', '2~rc1', '2', '3+0-1', '3+2-0'] as const;

const versioned = (cls: ClassName, name: string, path: string): fc.Arbitrary<Tree> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...VERSIONS), image(cls, name)), {
      minLength: 1,
      maxLength: 3,
      selector: ([version]) => version,
    })
    .map((some) =>
      Object.assign({}, ...some.map(([version, tree]) => below(`${path}.v/${name}_${version}`, tree))),
    );

const place = (cls: ClassName, name: string, path: string, shape: Shape): fc.Arbitrary<Tree> => {
  const entry = (one: Entry): fc.Arbitrary<Tree> => fc.constant({ [path]: one });
  if (shape === 'empty') return entry(directory());
  if (shape === 'file') return entry('no image\n');
  if (shape === 'dangling') return entry(symlink('/srv/nowhere'));
  if (shape === 'versions') return versioned(cls, name, path);
  const real = shape === 'symlink' ? `srv/${path}` : path;
  return image(cls, name).map((tree) => ({
    // An image without files has to be there all the same.
    [real]: directory(),
    ...below(real, tree),
    ...(shape === 'symlink' ? { [path]: symlink(`/${real}`) } : {}),
  }));
};

const extension = (cls: ClassName): fc.Arbitrary<Tree> =>
  fc
    .tuple(fc.constantFrom(...SEARCH[cls]), fc.constantFrom(...NAMES), fc.constantFrom(...SHAPES))
    .chain(([where, name, shape]) => place(cls, name, `${where}/${name}`, shape));

const writeDirectory = (hierarchy: string): fc.Arbitrary<Tree> => {
  const path = `var/lib/extensions.mutable/${hierarchy}`;
  return fc.constantFrom<Tree[]>(
    {},
    { [`${path}/x`]: 'written\n' },
    { [path]: symlink(`/${hierarchy}`) },
    { [path]: directory({ mode: 0o711 }) },
  );
};

const MODES = ['no', 'yes', 'auto', 'import', 'ephemeral', 'ephemeral-import'] as const;
const some = (...options: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...options], { maxLength: 2 });
const mutable = fc.constantFrom<string[][]>([], [], ...MODES.map((mode) => [`--mutable=${mode}`]));

const words: fc.Arbitrary<string[]> = fc
  .oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant(['merge']), some('--force', '--noexec=yes'), mutable) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constant(['refresh']), some('--force', '--always-refresh=yes'), mutable),
    },
    { weight: 2, arbitrary: fc.constant([['unmerge']]) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(['status'], ['list']), some('--json=short', '--no-legend')),
    },
  )
  .map((parts) => parts.flat());

/** A call; between it and the one before an image may come or go. */
const call = (cls: ClassName): fc.Arbitrary<Call> =>
  fc
    .record({
      words,
      remove: fc.option(fc.tuple(fc.constantFrom(...SEARCH[cls]), fc.constantFrom(...NAMES)), { freq: 3 }),
      variable: fc.option(fc.constantFrom(...MODES), { freq: 5 }),
    })
    .map(({ words, remove, variable }) => ({
      args: [...words, '--no-reload'],
      ...(remove === null ? {} : { before: { remove: [remove.join('/'), `${remove.join('/')}.v`] } }),
      ...(variable === null ? {} : { env: { [`SYSTEMD_${cls.toUpperCase()}_MUTABLE_MODE`]: variable } }),
      differs: [
        'second-work-directory' as const,
        ...(words[0] === 'status' ? (['since-below-root'] as const) : []),
      ],
    }));

/** A place has one image: what comes later in the list with the same path does not count. */
function join(trees: readonly Tree[]): Tree {
  const all: Record<string, Entry> = {};
  const taken = new Set<string>();
  for (const tree of trees) {
    const tops = Object.keys(tree).map((path) => path.split('/').slice(0, 5).join('/'));
    const own = new Set(tops.map((path) => imageOf(path)));
    if ([...own].some((path) => taken.has(path))) continue;
    for (const path of own) taken.add(path);
    Object.assign(all, tree);
  }
  return all;
}

/** The image that a path belongs to: `var/lib/extensions/a.v` of `var/lib/extensions/a.v/a_1`. */
const imageOf = (path: string): string =>
  /^(?:srv\/)?(?:var\/lib|run|etc)\/\w+\/[^/]+/.exec(path)?.[0].replace(/\.v$/, '') ?? path;

export const scenarios: fc.Arbitrary<Scenario> = fc
  .constantFrom<ClassName[]>('sysext', 'sysext', 'confext')
  .chain((cls) =>
    fc.record({
      cls: fc.constant(cls),
      host: hostRelease,
      extensions: fc.array(extension(cls), { maxLength: 4 }),
      writing: fc.tuple(...HIERARCHIES[cls].map(writeDirectory)),
      calls: fc.array(call(cls), { minLength: 1, maxLength: 5 }),
    }),
  )
  .map(({ cls, host, extensions, writing, calls }) => ({
    name: 'generated',
    class: cls,
    tree: {
      'usr/lib/os-release': host,
      'usr/bin/host': 'from the host\n',
      'opt/host': 'from the host\n',
      'etc/host': 'from the host\n',
      ...join(extensions),
      ...(Object.assign({}, ...writing) as Tree),
    },
    calls,
  }));
