import fc from 'fast-check';
import { DEBIAN } from '../../support/fixtures.js';
import { directory, file, symlink, type Tree } from '../../support/tree.js';
import { oftenFirst } from './extensions.js';
import { type ClassName, HIERARCHIES, MODES } from './names.js';

/** The machine: its release, its hierarchies, its configuration, its write directories. */

const LEVELS = `${DEBIAN}SYSEXT_LEVEL=1\nCONFEXT_LEVEL=2\n`;

const release: fc.Arbitrary<Tree> = oftenFirst<Tree>(
  12,
  { 'usr/lib/os-release': DEBIAN },
  { 'usr/lib/os-release': 'ID=debian\n' },
  { 'usr/lib/os-release': 'ID=ubuntu\nID_LIKE="x debian"\nVERSION_ID=13\n' },
  { 'usr/lib/os-release': LEVELS },
  { 'usr/lib/os-release': 'ID=fedora\n', 'etc/os-release': DEBIAN },
  { 'usr/lib/os-release': DEBIAN, 'etc/os-release': symlink('../usr/lib/os-release') },
  { 'usr/lib/os-release': DEBIAN, 'etc/initrd-release': '' },
  { 'usr/lib/os-release': 'VERSION_ID=13\n' },
);

/** A hierarchy with something in it, and a place to mount something else. */
const full = (hierarchy: string): Tree => ({
  [`${hierarchy}/host`]: 'from the host\n',
  [`${hierarchy}/place/inner/kept`]: 'from the host\n',
});

/** The hierarchy that is not needed for anything else: it may be missing, empty, private, elsewhere. */
const optional = (hierarchy: string): fc.Arbitrary<Tree> =>
  oftenFirst<Tree>(
    4,
    full(hierarchy),
    {},
    { [hierarchy]: directory() },
    { [hierarchy]: directory({ mode: 0o711 }), ...full(hierarchy) },
    { [hierarchy]: symlink(`srv/${hierarchy}`), [`srv/${hierarchy}/host`]: 'elsewhere\n' },
  );

const MACHINE: Tree = {
  'usr/bin/host': file('#!/bin/sh\n', { mode: 0o755 }),
  ...full('usr'),
  ...full('etc'),
  'usr/local/host': 'from the host\n',
  'srv/data/inner/file': 'from srv\n',
};

const DIRECTORIES = ['etc', 'run', 'usr/local/lib', 'usr/lib'] as const;
const SECTIONS = { sysext: 'SysExt', confext: 'ConfExt' } as const;

/** A main file or a drop-in, in any of the directories. */
export const configuration = (cls: ClassName, directories: readonly string[]): fc.Arbitrary<Tree> =>
  fc
    .tuple(
      fc.constantFrom(...directories),
      fc.constantFrom('.conf', '.conf.d/10.conf', '.conf.d/20.conf'),
      fc.constantFrom<string[]>(
        ...MODES.map((mode) => `[${SECTIONS[cls]}]\nMutable=${mode}\n`),
        `[${SECTIONS[cls]}]\n# nothing\n`,
        `[Other]\nMutable=yes\n`,
        '',
      ),
    )
    .map(([where, name, text]) => ({ [`${where}/systemd/${cls}${name}`]: text }));

/** Where there is something to be written to, or to be imported. */
const writeDirectory = (hierarchy: string): fc.Arbitrary<Tree> => {
  const path = `var/lib/extensions.mutable/${hierarchy}`;
  const written: Tree = { [`${path}/x`]: 'written\n', [`${path}/host`]: 'written\n' };
  return oftenFirst<Tree>(
    7,
    {},
    ...[written, written, written, written],
    { [path]: symlink(`/${hierarchy}`) },
    { [path]: symlink('/srv/written'), 'srv/written/x': 'written elsewhere\n' },
    { [path]: directory({ mode: 0o711 }) },
    { [path]: 'a file\n' },
  );
};

const merged = (trees: readonly Tree[]): Tree => Object.assign({}, ...trees) as Tree;

export interface Host {
  readonly tree: Tree;
  /** With something in every hierarchy: into others the original cannot import (`empty-hierarchy`). */
  readonly full: Tree;
}

export const host = (cls: ClassName): fc.Arbitrary<Host> =>
  fc
    .tuple(
      release,
      fc.tuple(...HIERARCHIES[cls].slice(1).map(optional)).map(merged),
      oftenFirst<Tree>(6, {}, { usr: directory({ mode: 0o711 }), etc: directory({ mode: 0o711 }) }),
      fc.oneof(
        { withCrossShrink: true },
        { weight: 5, arbitrary: fc.constant<Tree[]>([]) },
        { weight: 2, arbitrary: fc.array(configuration(cls, DIRECTORIES), { minLength: 1, maxLength: 3 }) },
      ),
      fc.tuple(...HIERARCHIES[cls].map(writeDirectory)).map(merged),
    )
    .map(([release, hierarchies, modes, settings, writing]) => {
      const most = { ...modes, ...MACHINE, ...release, ...merged(settings), ...writing };
      return {
        tree: { ...most, ...hierarchies },
        full: { ...most, ...merged(HIERARCHIES[cls].slice(1).map(full)) },
      };
    });
