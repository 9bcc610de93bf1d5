import { arch } from 'node:os';
import fc from 'fast-check';
import { below, directory, file, symlink, type Tree, whiteout } from '../../support/tree.js';
import { erofs, ext4, squashfs } from '../images.js';
import { type ClassName, FILES, NAMES, RELEASES, SEARCH } from './names.js';

/** Extensions: mostly such as are merged, for of one that is ignored nothing else is seen. */

/** An extension, or what stands in its place: its path, and the files for it. */
export interface Installed {
  readonly path: string;
  readonly tree: Tree;
  readonly isImage: boolean;
}

const NATIVE = arch() === 'arm64' ? 'arm64' : 'x86-64';

export const oftenFirst = <T>(weight: number, first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight, arbitrary: fc.constant(first) },
    ...others.map((other) => fc.constant(other)),
  );

/** A line of a release file, mostly none, with the quotes and comments that the syntax allows. */
const line = (weight: number, key: string, ...values: readonly string[]): fc.Arbitrary<string> =>
  oftenFirst(weight, '', ...values.flatMap((value) => [`${key}=${value}\n`, `# x\n${key}="${value}"\n`]));

const release = (cls: ClassName): fc.Arbitrary<string> =>
  fc
    .tuple(
      oftenFirst(15, 'ID=_any\n', 'ID=debian\n', 'ID=debian\n', "ID='debian'\n", 'ID=fedora\n', ''),
      fc.constantFrom('VERSION_ID=13\n', 'VERSION_ID="13"\n', 'VERSION_ID=12\n', ''),
      line(6, `${cls.toUpperCase()}_LEVEL`, '1', '2'),
      line(24, `${cls.toUpperCase()}_SCOPE`, 'system', 'portable', 'initrd system', ''),
      line(12, 'ARCHITECTURE', NATIVE, '_any', 'riscv64'),
    )
    .map((lines) => lines.join(''));

/** What an extension has at a path. */
const content = (path: string): fc.Arbitrary<Tree> =>
  fc.constantFrom<Tree[]>(
    { [path]: 'from an extension\n' },
    {},
    {},
    { [`${path}/inner`]: 'deeper\n' },
    { [path]: symlink('host') },
    { [path]: directory({ mode: 0o700 }) },
    { [path]: file('#!/bin/sh\n', { mode: 0o4755, uid: 7 }) },
    { [path]: whiteout() },
  );

const files = (cls: ClassName): fc.Arbitrary<Tree> =>
  fc.tuple(...FILES[cls].map(content)).map((trees) => Object.assign({}, ...trees) as Tree);

const NOT_STRICT = { xattrs: { 'user.extension-release.strict': 'no' } };

/** The release file: mostly with the right name; of another one that counts all the same, that does not, or none. */
const releaseFile = (cls: ClassName, name: string): fc.Arbitrary<Tree> => {
  const path = `${RELEASES[cls]}/extension-release`;
  return fc.tuple(release(cls), fc.nat(23)).map(([text, kind]): Tree => {
    if (kind === 23) return {};
    if (kind === 22) return { [`${path}.other`]: text };
    if (kind === 21) return { [`${path}.other`]: file(text, NOT_STRICT) };
    if (kind === 20) return { [`${path}.${name}`]: text, [`${path}.other`]: text };
    if (kind === 19) return { [`${path}.${name.replace(/_.*/, '')}`]: text };
    return { [`${path}.${name}`]: text };
  });
};

const tree = (cls: ClassName, name: string): fc.Arbitrary<Tree> =>
  fc.tuple(releaseFile(cls, name), files(cls)).map(([some, more]) => ({ ...some, ...more }));

/** The original gives a merge up for an image without release file (`image-without-release`). */
const imageTree = (cls: ClassName, name: string): fc.Arbitrary<Tree> =>
  fc
    .tuple(release(cls), files(cls))
    .map(([text, more]) => ({ [`${RELEASES[cls]}/extension-release.${name}`]: text, ...more }));

const SYSTEMS = { squashfs, erofs, ext4 } as const;
const system = fc.constantFrom<(keyof typeof SYSTEMS)[]>('squashfs', 'squashfs', 'erofs', 'ext4');

const VERSIONS = ['1', '1.10', '1.9', '2~rc1', '2', '3+0-1', '3+2-0', `4_${NATIVE}`, '5_riscv64'] as const;

/** Some versions, with the same files in the whole, so that the chosen one is known by its own. */
const versions = (cls: ClassName, name: string, suffix: string): fc.Arbitrary<[string, Tree][]> =>
  fc
    .uniqueArray(fc.constantFrom(...VERSIONS), { minLength: 1, maxLength: 3 })
    .chain((some) => fc.tuple(fc.constant(some), imageTree(cls, name)))
    .map(([some, one]) =>
      some.map((version) => [
        `${name}_${version}${suffix}`,
        { ...one, [`${cls === 'sysext' ? 'usr' : 'etc'}/chosen-of-${name}`]: `${version}\n` },
      ]),
    );

type Made = fc.Arbitrary<Tree>;
type Shape = (cls: ClassName, name: string, path: string) => Made;

/** An image without files has to be there all the same. */
const directoryAt = (path: string, files: Tree): Tree => ({ [path]: directory(), ...below(path, files) });

const SHAPES: Readonly<Record<string, Shape>> = {
  directory: (cls, name, path) => tree(cls, name).map((files) => directoryAt(path, files)),
  suffix: (cls, name, path) => tree(cls, name).map((files) => directoryAt(`${path}.${cls}`, files)),
  symlink: (cls, name, path) =>
    tree(cls, name).map((files) => ({
      ...directoryAt(`srv/${path}`, files),
      [path]: symlink(`/srv/${path}`),
    })),
  versions: (cls, name, path) =>
    versions(cls, name, '').map((some) =>
      Object.assign({}, ...some.map(([entry, files]) => below(`${path}.v/${entry}`, files))),
    ),
  empty: (_cls, _name, path) => fc.constant({ [path]: directory() }),
  file: (_cls, _name, path) => fc.constant({ [path]: 'no image\n' }),
  dangling: (_cls, _name, path) => fc.constant({ [path]: symlink('/srv/nowhere') }),
};

const IMAGE_SHAPES: Readonly<Record<string, Shape>> = {
  image: (cls, name, path) =>
    fc
      .tuple(system, imageTree(cls, name))
      .map(([type, files]) => ({ [`${path}.raw`]: SYSTEMS[type](files) })),
  'image that is a symlink': (cls, name, path) =>
    imageTree(cls, name).map((files) => ({
      [`srv/${path}.img`]: squashfs(files),
      [`${path}.raw`]: symlink(`/srv/${path}.img`),
    })),
  'versions of an image': (cls, name, path) =>
    versions(cls, name, '.raw').map((some) =>
      Object.fromEntries(some.map(([entry, files]) => [`${path}.raw.v/${entry}`, squashfs(files)])),
    ),
  garbage: (_cls, _name, path) => fc.constant({ [`${path}.raw`]: 'garbage\n' }),
};

/** Shapes as often as they stand here. */
const OFTEN: readonly (keyof typeof SHAPES)[] = [
  ...Array<string>(9).fill('directory'),
  ...['suffix', 'symlink', 'symlink', 'versions', 'versions', 'empty', 'file', 'dangling'],
];
const OFTEN_IMAGES: readonly (keyof typeof IMAGE_SHAPES)[] = [
  ...Array<string>(9).fill('image'),
  ...['image that is a symlink', 'versions of an image', 'versions of an image', 'garbage'],
];

/** @param images whether some are disk images */
export const extension = (cls: ClassName, images: boolean): fc.Arbitrary<Installed> =>
  fc
    .tuple(
      fc.constantFrom(...SEARCH[cls]),
      fc.constantFrom(...NAMES),
      fc.constantFrom(
        ...OFTEN.map((shape) => SHAPES[shape]!),
        ...(images ? OFTEN_IMAGES : []).map((shape) => IMAGE_SHAPES[shape]!),
      ),
    )
    .chain(([where, name, shape]) => {
      const path = `${where}/${name}`;
      return shape(cls, name, path).map((tree) => ({
        path,
        tree,
        isImage: Object.values(IMAGE_SHAPES).includes(shape),
      }));
    });

/** All paths at which something of an extension's path can be: it is removed, or another one put in its place. */
export const placesOf = ({ path }: Installed, cls: ClassName): string[] =>
  [path, `srv/${path}`].flatMap((one) =>
    ['', `.${cls}`, '.v', '.raw', '.img', '.raw.v'].map((suffix) => `${one}${suffix}`),
  );
