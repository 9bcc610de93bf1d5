import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hierarchyNames, type Stage } from '../stage.js';
import { runTool } from '../tool.js';
import { downloadPackages } from './apt.js';
import { CONFIGURATION } from './directory.js';
import { checkBlob, layersOf } from './oci.js';
import { hasWorkOfItsOwn } from './scripts.js';
import type { Source } from './source.js';
import { unpackTar } from './tar.js';

type Archive = Exclude<Source, { readonly kind: 'directory' }>;
type OnStage = (stage: 'download' | 'unpack', what: string) => Promise<void>;

/**
 * Unpacks an archive into the tree.
 *
 * @param target the root whose packages need not be in the extension
 * @throws PackError, the errors of Node's file functions
 */
export async function addArchive(
  stage: Stage,
  source: Archive,
  target: string,
  onStage: OnStage,
): Promise<void> {
  switch (source.kind) {
    case 'tar': {
      await onStage('unpack', source.path);
      return addTar(stage, source.path);
    }
    case 'deb': {
      await onStage('unpack', source.path);
      return addPackage(stage, source.path, source.path);
    }
    case 'package': {
      await onStage('download', source.name);
      const directory = downloadPackages(source.name, target, stage.scratch);
      const files = readdirSync(directory)
        .filter((file) => file.endsWith('.deb'))
        .sort();
      stage.notes.push({ kind: 'packages', names: files.map((file) => decodeURIComponent(file)) });
      for (const file of files) {
        await onStage('unpack', file);
        await addPackage(stage, join(directory, file), basename(file));
      }
      rmSync(directory, { recursive: true });
    }
  }
}

async function addTar(stage: Stage, path: string): Promise<void> {
  const plain = decompress(stage, path);
  const layers = await layersOf(plain, path, stage.scratch);
  if (layers === null) await take(stage, plain, path, false);
  for (const layer of layers ?? []) {
    await checkBlob(layer, path);
    await take(stage, decompress(stage, layer), path, true);
  }
}

async function addPackage(stage: Stage, path: string, named: string): Promise<void> {
  const tar = join(stage.scratch, 'package.tar');
  writeOutput(['dpkg-deb', '--fsys-tarfile', path], tar);
  if (hasWorkOfItsOwn(path)) noteScripts(stage, named);
  await take(stage, tar, named, false, isSysext(stage) ? ['var'] : []);
  rmSync(tar);
}

function noteScripts({ notes }: Stage, name: string): void {
  const known = notes.find((note) => note.kind === 'scripts');
  if (known === undefined) notes.push({ kind: 'scripts', packages: [name] });
  else known.packages.push(name);
}

/** These are the same on all Debian systems, so packages may have files of theirs (Debian Policy 9.2.2). */
const isFixed = (id: number) => id < 100;

/** Of a package, what is in /var is places for what its programs write; of a whole system's tree it is that system's own state. */
const isSysext = ({ extensionClass }: Stage) => extensionClass.name === 'sysext';

/** @param more top directories that are taken as well */
async function take(
  stage: Stage,
  tar: string,
  archive: string,
  isLayer: boolean,
  more: readonly string[] = [],
): Promise<void> {
  const wanted = [...new Set([...hierarchyNames(stage.extensionClass), CONFIGURATION, ...more])];
  const onOwner = (place: string, user: number, group: number) => {
    if (isFixed(user) && isFixed(group) && user + group > 0) stage.owners.set(place, { user, group });
    else stage.owners.delete(place);
  };
  const settings = { archive, wanted, isLayer, ...(more.length > 0 ? { onOwner } : {}) };
  const leftOut = await unpackTar(tar, stage.root, settings);
  const known = stage.notes.find((note) => note.kind === 'left-out' && note.source === archive);
  if (leftOut.size > 0 && known === undefined)
    stage.notes.push({ kind: 'left-out', source: archive, names: [...leftOut].sort() });
}

const COMPRESSIONS = [
  ['\x1f\x8b', 'gzip'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
] as const;

/** @returns the file itself if it is not compressed */
function decompress({ scratch }: Stage, path: string): string {
  const begin = Buffer.alloc(6);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, begin, 0, begin.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const tool = COMPRESSIONS.find(([bytes]) => begin.toString('latin1').startsWith(bytes))?.[1];
  if (tool === undefined) return path;
  const plain = join(scratch, `${basename(path)}.plain`);
  writeOutput([tool, '-dc', path], plain);
  return plain;
}

/** What a program prints goes into a file: there is no knowing how much it is. */
function writeOutput(
  command: readonly ['dpkg-deb' | 'gzip' | 'xz' | 'zstd', ...string[]],
  file: string,
): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    runTool(command, { output: descriptor });
  } finally {
    closeSync(descriptor);
  }
}
