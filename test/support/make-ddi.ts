import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SectorSize } from '../../src/images/disk/partition-table.js';
import { commandDirectories, findCommand } from './debian.js';
import { debianTrees, treeCommand } from './debian-tree.js';
import { quote } from './fault.js';

export interface DdiOptions {
  /** Directory with what is in the image. */
  readonly tree: string;
  readonly class?: 'sysext' | 'confext';
  /** With a hash tree and, with a key, a signature; without by default. */
  readonly verity?: boolean;
  /** PEM files, see {@link makeKey}. */
  readonly key?: { readonly privateKey: string; readonly certificate: string };
  /** A usr partition, which holds what is in `usr` of the tree, in place of a root partition. */
  readonly hierarchy?: 'root' | 'usr';
  /** Label of all partitions; by default that of systemd-repart. */
  readonly label?: string;
  readonly format?: 'erofs' | 'squashfs' | 'ext4';
  /** As `ConditionArchitecture=` names it; the machine's by default. */
  readonly architecture?: string;
  readonly sectorSize?: SectorSize;
}

/** What systemd-repart says of the image. */
export interface Ddi {
  readonly file: string;
  /** In hexadecimal digits; `null` without verity. */
  readonly rootHash: string | null;
}

/** The first systemd-repart(8) that makes verity partitions without a loop device, so without root. */
const OLDEST = 255;

/** The same image for the same tree. */
const SEED = 'e2c4b5a0-7a5c-4c0e-9a55-7c3e4f1d2b60';

/** The Debian packages of the file systems, as `provide` of debian.ts takes them. */
export const DDI_TOOLS: Readonly<Record<string, string>> = {
  'mkfs.erofs': 'erofs-utils',
  mksquashfs: 'squashfs-tools',
  mke2fs: 'e2fsprogs',
  openssl: 'openssl',
};

/** What to say where {@link findRepart} finds none. */
export const NO_REPART = `there is no systemd-repart ${OLDEST} or later to make images: run scripts/oracle.sh as root`;

/** A systemd-repart, and the Debian tree that it is from; `null` for that of the machine. */
export interface Repart {
  readonly command: readonly string[];
  readonly tree: string | null;
}

/** One that can do it: that of the machine, or of a tree that scripts/oracle.sh makes. */
export function findRepart(): Repart | null {
  const installed = findCommand('systemd-repart');
  const all = [
    { command: installed === null ? null : [installed], tree: null },
    ...debianTrees().map((tree) => ({ command: treeCommand(tree, 'systemd-repart'), tree })),
  ];
  for (const { command, tree } of all)
    if (command !== null && versionOf(command) >= OLDEST) return { command, tree };
  return null;
}

/**
 * Makes a disk image as `systemd-repart --make-ddi=` does, by partition definitions of the same content. What is
 * at `file` is replaced.
 *
 * @throws Error {@link NO_REPART}; or the error of execFileSync with what systemd-repart said
 */
export function makeDdi(file: string, options: DdiOptions): Ddi {
  const { tree, key, architecture, sectorSize } = options;
  const partitions = runRepart(file, definitionsOf(options), [
    '--size=auto',
    `--copy-source=${tree}`,
    ...(key === undefined ? [] : [`--private-key=${key.privateKey}`, `--certificate=${key.certificate}`]),
    ...(architecture === undefined ? [] : [`--architecture=${architecture}`]),
    ...(sectorSize === undefined ? [] : [`--sector-size=${sectorSize}`]),
  ]);
  return { file, rootHash: partitions.find(({ roothash }) => roothash)?.roothash ?? null };
}

/**
 * Has systemd-repart(8) make a disk, without root and without a loop device. What is at `file` is replaced.
 *
 * @param definitions texts of repart.d(5), one for each partition
 * @param words more options
 * @returns what it says of the partitions
 * @throws like {@link makeDdi}
 */
export function runRepart(
  file: string,
  definitions: readonly string[],
  words: readonly string[],
): readonly { readonly roothash?: string }[] {
  const repart = findRepart();
  if (repart === null) throw new Error(NO_REPART);
  const directory = mkdtempSync(join(tmpdir(), 'repart-'));
  try {
    definitions.forEach((text, index) => {
      writeFileSync(join(directory, `${10 + index}.conf`), text);
    });
    rmSync(file, { force: true });
    const options = ['--empty=create', '--offline=yes', '--dry-run=no', '--json=short', `--seed=${SEED}`];
    const [program, ...rest] = [...repart.command, ...options, `--definitions=${directory}`, ...words, file];
    const path = [installTools(repart, directory), ...commandDirectories()].join(':');
    const env = { PATH: path, LC_ALL: 'C.UTF-8' };
    return JSON.parse(execFileSync(program!, rest, { stdio: 'pipe', env }).toString());
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The machine's programs may be too old for options that a tree's systemd-repart gives to them. */
function installTools({ tree }: Repart, directory: string): string {
  const path = join(directory, 'bin');
  mkdirSync(path);
  for (const name of ['mkfs.erofs', 'mksquashfs']) {
    const words = tree === null ? null : treeCommand(tree, name);
    if (words === null) continue;
    const script = `#!/bin/sh\nexec ${words.map(quote).join(' ')} "$@"\n`;
    writeFileSync(join(path, name), script, { mode: 0o755 });
  }
  return path;
}

/** A key and a self-signed certificate for it, as PEM files in a directory. */
export function makeKey(directory: string, name = 'signer'): NonNullable<DdiOptions['key']> {
  const [privateKey, certificate] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const words = [
    'req',
    '-batch',
    '-new',
    '-x509',
    '-sha256',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '3650',
  ];
  const files = ['-subj', `/CN=${name}`, '-keyout', privateKey, '-out', certificate];
  execFileSync('openssl', [...words, ...files], { stdio: 'pipe' });
  return { privateKey, certificate };
}

/** repart.d(5). */
function definitionsOf(options: DdiOptions): string[] {
  const {
    class: name = 'sysext',
    verity = false,
    key,
    hierarchy = 'root',
    label,
    format = 'erofs',
  } = options;
  const common = (type: string) => ['[Partition]', `Type=${type}`, ...(label ? [`Label=${label}`] : [])];
  const role = (word: string) => (verity ? [`Verity=${word}`, 'VerityMatchKey=it'] : []);
  const hierarchies = { sysext: ['/usr/', '/opt/'], confext: ['/etc/'] }[name];
  const files = hierarchy === 'usr' ? ['CopyFiles=/usr/:/'] : hierarchies.map((path) => `CopyFiles=${path}`);
  const minimize = `Minimize=${format === 'ext4' ? 'guess' : 'best'}`;
  const data = [...common(hierarchy), `Format=${format}`, ...files, minimize, ...role('data')];
  const tree = [...common(`${hierarchy}-verity`), 'Minimize=best', ...role('hash')];
  const signature = [...common(`${hierarchy}-verity-sig`), ...role('signature')];
  return [data, ...(verity ? [tree] : []), ...(verity && key ? [signature] : [])].map(
    (lines) => `${lines.join('\n')}\n`,
  );
}

function versionOf([program, ...words]: readonly string[]): number {
  const said = spawnSync(program!, [...words, '--version'], { encoding: 'utf8' }).stdout ?? '';
  return Number(/^systemd (\d+)/.exec(said)?.[1] ?? 0);
}
