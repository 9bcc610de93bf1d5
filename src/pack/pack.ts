import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { nativeArchitecture } from '../host/architecture.js';
import { putInPlace } from '../host/put-in-place.js';
import { architectureIn } from './architecture.js';
import { moveConfiguration } from './configuration.js';
import { fingerprintOf } from './fingerprint.js';
import { placeTree } from './formats/directory.js';
import { makeFileSystem, type PackFileSystem } from './formats/file-system.js';
import { checkOutside, chooseOutput, discard, type Output } from './output.js';
import { PackError } from './problem.js';
import { checkSigner, protect, type Signer } from './protect.js';
import { writeRelease } from './release.js';
import { addServices } from './services.js';
import { addDirectory, CONFIGURATION } from './sources/directory.js';
import type { Source } from './sources/source.js';
import { hierarchyNames, openStage, type PackNote, type Stage } from './stage.js';
import { readEpoch, settleTimes } from './times.js';

/** What is to be packed, and how. */
export interface PackRequest {
  readonly sources: readonly Source[];
  readonly output: string;
  readonly format: PackFileSystem | 'directory';
  readonly extensionClass: ExtensionClass;
  /** Of the release file, but for the architecture. */
  readonly fields: ReadonlyMap<string, string>;
  /** `null`: that of the programs in it. */
  readonly architecture: string | null;
  readonly services: readonly string[];
  readonly verity: boolean;
  readonly signer: Signer | null;
  /** The root whose packages need not be in it. */
  readonly target: string;
  /** The variable `SOURCE_DATE_EPOCH`. */
  readonly epoch: string | undefined;
}

/** What the work is at, for who waits. */
export type PackStage = 'copy' | 'download' | 'unpack' | 'file-system' | 'hash-tree' | 'check';

/** A result, and the tree that it was made of. */
export interface Packed {
  readonly output: Output;
  /** The tree as it is in the image. */
  readonly tree: string;
  readonly notes: readonly PackNote[];
  readonly rootHash: string | null;
}

/**
 * Makes an extension image. What is at the place of the result stays until that is complete.
 *
 * @param onStage is told what is done next; what it throws ends the work
 * @param onPacked looks at the result while its tree is still there
 * @throws PackError, ReleaseFieldError, the errors of Node's file functions
 */
export async function pack<Result>(
  request: PackRequest,
  onStage: (stage: PackStage, what: string) => Promise<void>,
  onPacked: (packed: Packed) => Promise<Result>,
): Promise<Result> {
  const output = prepare(request);
  const stage = openStage(request.extensionClass);
  try {
    for (const source of request.sources) await addSource(stage, source, request, onStage);
    const settled = settle(stage, request, output.name);
    await onStage('file-system', request.format);
    const rootHash = await write(stage, request, output, settled, onStage);
    putInPlace(output.temporary, output.path);
    await onStage('check', output.path);
    return await onPacked({ output, tree: stage.root, notes: stage.notes, rootHash });
  } finally {
    discard(output);
    stage.close();
  }
}

/** What can be said before any work is done. */
function prepare({ sources, output: path, format, extensionClass, verity, signer }: PackRequest): Output {
  if (sources.length === 0) throw new PackError({ kind: 'no-source' });
  const isDirectory = format === 'directory';
  if (isDirectory && verity) throw new PackError({ kind: 'directory-protected' });
  if (signer !== null) checkSigner(signer);
  const output = chooseOutput(path, isDirectory, extensionClass);
  const parts = [...hierarchyNames(extensionClass), CONFIGURATION];
  checkOutside(
    output,
    sources.flatMap((source) =>
      source.kind === 'directory' ? parts.map((part) => join(source.path, part)) : [],
    ),
  );
  return output;
}

async function addSource(
  stage: Stage,
  source: Source,
  { target }: PackRequest,
  onStage: (stage: PackStage, what: string) => Promise<void>,
): Promise<void> {
  if (source.kind === 'directory') {
    await onStage('copy', source.path);
    return addDirectory(stage, source.path, source.path);
  }
  const { addArchive } = await import('./sources/archive.js');
  return addArchive(stage, source, target, onStage);
}

/** What a disk image has to know of its files. */
interface Settled {
  readonly epoch: number;
  readonly architecture: string;
}

/** Makes an extension of the files. */
function settle(stage: Stage, request: PackRequest, name: string): Settled {
  const epoch = readEpoch(stage, request.epoch);
  moveConfiguration(stage, name);
  const services = addServices(stage, name, request.services);
  const { extensionClass } = request;
  const isEmpty = (top: string) =>
    !existsSync(join(stage.root, top)) || readdirSync(join(stage.root, top)).length === 0;
  if (hierarchyNames(extensionClass).every(isEmpty))
    throw new PackError({ kind: 'nothing-to-pack', hierarchies: extensionClass.hierarchies });
  const architecture = request.architecture ?? architectureIn(stage);
  const all = new Map(request.fields);
  if (architecture !== null) all.set('ARCHITECTURE', architecture);
  for (const [field, value] of services) all.set(field, value);
  const written = writeRelease(stage, name, all).get('ARCHITECTURE');
  settleTimes(stage, epoch);
  const isForOne = written !== undefined && written !== '_any';
  return { epoch, architecture: isForOne ? written : nativeArchitecture() };
}

async function write(
  stage: Stage,
  { format, verity, signer }: PackRequest,
  output: Output,
  { epoch, architecture }: Settled,
  onStage: (stage: PackStage, what: string) => Promise<void>,
): Promise<string | null> {
  if (format === 'directory') {
    placeTree(stage, output);
    return null;
  }
  const settings = { epoch, fingerprint: fingerprintOf(stage) };
  const content = verity ? join(stage.scratch, 'content') : output.temporary;
  makeFileSystem(format, stage, content, settings);
  if (!verity) return null;
  await onStage('hash-tree', output.path);
  const { fingerprint } = settings;
  return protect(output.temporary, { content, scratch: stage.scratch, architecture, fingerprint, signer });
}
