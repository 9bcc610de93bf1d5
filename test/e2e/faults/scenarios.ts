import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { provide } from '../../support/debian.js';
import { typeOf } from '../../support/disk-images.js';
import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { isStandalone, type ProgramName } from '../../support/program.js';
import { buildTree, directory, FIXED_TIME, type Tree } from '../../support/tree.js';
import { withoutKoffi } from '../../support/without-koffi.js';
import { addDdi, addDisk, filesOf, PLACE, whyNoDdis } from '../images/ddi.js';

/** A machine and what is installed on it; merge, refresh and unmerge are tried on it. */
export interface Scenario {
  readonly name: string;
  readonly as?: ProgramName;
  /** Options of each call. */
  readonly options?: readonly string[];
  readonly propagation?: 'shared' | 'private';
  readonly tree: Tree;
  /** An extension that comes and goes, so that each refresh has something to do. */
  readonly later: Tree;
  /** What is done once, to a new machine. */
  prepare?(machine: Machine): void | Promise<void>;
  /** What is taken away before each merge, from the root: it is to make it anew. */
  readonly removed?: readonly string[];
  readonly env?: (machine: Machine) => Readonly<Record<string, string>>;
  /** System calls that fail in each call, as {@link Watched} has them. */
  readonly always?: Readonly<Record<string, string>>;
  /** It is among those that are tried in each run of the tests; all of them take long. */
  readonly isUsual?: true;
  /** The machine has what it takes. */
  readonly isPossible?: () => boolean;
}

const both = (name: string): Tree => ({
  [`usr/share/${name}`]: `${name}\n`,
  [`opt/${name}`]: `${name}\n`,
});
const DIRECTORIES = {
  tree: { ...HOST, ...extension('dir', { files: both('dir') }) },
  later: extension('later', { files: both('later') }),
};

function addSquashfs(machine: Machine): void {
  // Without times in it, each image is the same.
  const args = ['-mkfs-time', '0', '-all-time', '0'];
  machine.addImage(
    'squashfs',
    'var/lib/extensions/image.raw',
    sysextTree('image', { files: both('image') }),
    {
      args,
    },
  );
}

/** Disk images, made once: one with a hash tree, and one with a usr partition beside the root partition. */
const DISKS: Record<
  string,
  { path: string; make: (machine: Machine, path: string) => unknown; bytes?: Buffer }
> = {
  safe: {
    path: `${PLACE}/safe.raw`,
    make: (machine, path) => addDdi(machine, path, filesOf('safe'), { verity: true }),
  },
  parts: {
    path: `${PLACE}/parts.raw`,
    make: (machine, path) =>
      addDisk(machine, path, [
        { files: { usr: directory(), 'opt/parts': 'parts\n' } },
        {
          type: typeOf('usr', 'data', nativeArchitecture()),
          files: { 'lib/extension-release.d/extension-release.parts': 'ID=_any\n', 'share/parts': 'parts\n' },
        },
      ]),
  },
};

function addDisks(machine: Machine): void {
  for (const disk of Object.values(DISKS)) {
    const file = join(machine.root, disk.path);
    if (disk.bytes === undefined) {
      disk.make(machine, disk.path);
      disk.bytes = readFileSync(file);
    } else writeFileSync(file, disk.bytes);
    utimesSync(file, FIXED_TIME, FIXED_TIME);
  }
}

/** A directory and a file below the hierarchies that are file systems of their own. */
async function addMounts(machine: Machine): Promise<void> {
  const [local, file] = ['usr/local', 'opt/file'].map((path) => join(machine.root, path));
  const script =
    'mount -t tmpfs tmpfs "$1"; echo local >"$1/local"; mount --bind "$2" "$3"; mkdir "$1/deep"; mount -t tmpfs tmpfs "$1/deep"';
  const source = join(machine.root, 'etc/file');
  await machine.namespace.must(['sh', '-ec', script, 'sh', local!, source, file!]);
}

const NESTED = { SYSTEMD_SYSEXT_HIERARCHIES: '/usr:/usr/local:/opt' };

export const SCENARIOS: readonly Scenario[] = [
  { name: 'directories', isUsual: true, ...DIRECTORIES },
  {
    name: 'an image',
    ...DIRECTORIES,
    prepare: addSquashfs,
    isPossible: () => process.getuid?.() === 0 && provide({ mksquashfs: 'squashfs-tools' }) === null,
  },
  { name: 'private mounts', ...DIRECTORIES, propagation: 'private' },
  {
    name: 'disk images',
    isUsual: true,
    ...DIRECTORIES,
    prepare: addDisks,
    isPossible: () => whyNoDdis() === null,
  },
  {
    name: 'mounts below',
    isUsual: true,
    ...DIRECTORIES,
    tree: { ...DIRECTORIES.tree, 'usr/local': directory(), 'opt/file': '', 'etc/file': 'bound\n' },
    prepare: addMounts,
  },
  {
    name: 'a missing hierarchy',
    ...DIRECTORIES,
    tree: { ...extension('dir', { files: both('dir') }), 'usr/lib/os-release': 'ID=debian\n' },
    removed: ['opt'],
  },
  {
    name: 'one hierarchy within another',
    isUsual: true,
    tree: {
      ...HOST,
      'usr/local/host': 'host\n',
      ...extension('dir', { files: { ...both('dir'), 'usr/local/dir': 'dir\n' } }),
    },
    later: extension('later', { files: { ...both('later'), 'usr/local/later': 'later\n' } }),
    env: () => NESTED,
  },
  {
    name: 'writable',
    isUsual: true,
    ...DIRECTORIES,
    options: ['--mutable=yes'],
    removed: ['var/lib/extensions.mutable'],
  },
  { name: 'ephemeral', ...DIRECTORIES, options: ['--mutable=ephemeral'] },
  {
    name: 'configuration',
    isUsual: true,
    as: 'confext',
    tree: { ...HOST, 'etc/host.conf': 'host\n', ...confext('dir') },
    later: confext('later'),
  },
  {
    name: 'writable configuration',
    as: 'confext',
    options: ['--mutable=yes'],
    tree: { ...HOST, 'etc/host.conf': 'host\n', ...confext('dir') },
    later: confext('later'),
    removed: ['var/lib/extensions.mutable'],
  },
  {
    // No way beneath: one merge after the other is replaced.
    name: 'without swap',
    ...DIRECTORIES,
    propagation: 'private',
    always: { move_mount: 'error=EINVAL' },
  },
  {
    // The executable has a way to the C library in it, and needs no other one.
    name: 'swap by propagation',
    isUsual: true,
    ...DIRECTORIES,
    env: withoutKoffi,
    isPossible: () => !isStandalone(),
  },
];

/** What is there now of the extension that comes and goes. */
export const hasLater = (machine: Machine, { later }: Scenario): boolean =>
  existsSync(join(machine.root, topOf(later)));

export function toggleLater(machine: Machine, scenario: Scenario): void {
  if (hasLater(machine, scenario)) rmSync(join(machine.root, topOf(scenario.later)), { recursive: true });
  else buildTree(machine.root, scenario.later);
}

/** `var/lib/extensions/later` */
const topOf = (later: Tree): string => Object.keys(later)[0]!.split('/').slice(0, 4).join('/');

export async function openMachine({ tree, propagation = 'shared', prepare }: Scenario): Promise<Machine> {
  const machine = await Machine.open({ propagation, tree });
  try {
    // As on a machine with systemd; what becomes of it where there is none is told by lock/traces.test.ts.
    await machine.namespace.must(['mkdir', '/run/systemd']);
    await prepare?.(machine);
    return machine;
  } catch (error) {
    await machine.close();
    throw error;
  }
}
