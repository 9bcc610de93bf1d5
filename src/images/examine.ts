import { openReader } from './byte-reader.js';
import { dissect } from './dissect.js';
import type { Dissection, DissectionProblem, Extent, Part } from './dissection.js';
import { identify } from './identify.js';
import type { Image } from './image.js';
import type { DataDesignator } from './policy/designator.js';
import { rootHashFromUuids } from './verity/root-hash.js';
import {
  findRootHashSidecar,
  findTreeSidecar,
  type HashAttributes,
  type RootHashSource,
  readHashAttributes,
  type SidecarRootHash,
  type SidecarRootHashProblem,
} from './verity/sidecars.js';

/** With what the content of a part can be checked (dm-verity). */
export interface VeritySource {
  readonly rootHash: Buffer;
  /** `null`: the UUIDs of the partitions are its two halves. */
  readonly setBy: RootHashSource | null;
  /** Where the hash tree is; the whole file has no extent. */
  readonly tree: { readonly path: string; readonly extent: Extent | null };
}

/** What an image is, and what there is to check it with. Nothing was checked yet. */
export interface Examination {
  readonly kind: 'examination';
  readonly dissection: Dissection;
  readonly verity: ReadonlyMap<DataDesignator, VeritySource>;
  /** There is a hash tree without root hash, which may be in an extended attribute: getfattr(1) is not installed. */
  readonly rootHashUnread: boolean;
}

export type ExaminationProblem =
  | DissectionProblem
  | { readonly kind: 'sidecar'; readonly problem: SidecarRootHashProblem }
  /** A hash tree lies beside a disk image, which has partitions for that. */
  | { readonly kind: 'tree-beside-disk'; readonly tree: string };

/**
 * Says what image files and block devices are. Reads only: superblocks, partition tables, small files beside them.
 *
 * @param root absolute path, free of symlinks
 * @param architecture that of the machine, see nativeArchitecture()
 * @returns in the order of `images`
 * @throws NotImageFileError, the errors of open(2) and pread(2), when an image vanishes; those of readHashAttributes()
 */
export function examineImages<One extends Pick<Image, 'path' | 'kind'>>(
  images: readonly One[],
  root: string,
  architecture: string,
): [One, Examination | ExaminationProblem][] {
  const concerned = images.filter((image) => image.kind === 'raw' && canHaveRootHash(root, image.path));
  const attributes = readHashAttributes(concerned.map(({ path }) => path));
  return images.map((image) => {
    const beside = concerned.includes(image) ? lookBeside(root, image.path, attributes) : NOTHING_BESIDE;
    return [image, examine(image.path, architecture, beside)];
  });
}

/** The same for one image. */
export function examineImage(
  image: Pick<Image, 'path' | 'kind'>,
  root: string,
  architecture: string,
): Examination | ExaminationProblem {
  const [[, examined] = []] = examineImages([image], root, architecture);
  return examined!;
}

/** Of a bare file system a root hash says something only beside its hash tree; asking for it may take a process. */
function canHaveRootHash(root: string, path: string): boolean {
  return findTreeSidecar(root, path) !== null || isDisk(path);
}

function isDisk(path: string): boolean {
  const reader = openReader(path);
  try {
    return ['gpt', 'mbr'].includes(identify(reader).kind);
  } finally {
    reader.close();
  }
}

interface Beside {
  readonly tree: string | null;
  readonly found: SidecarRootHash | SidecarRootHashProblem | null;
  readonly getfattrMissing: boolean;
}

const NOTHING_BESIDE: Beside = { tree: null, found: null, getfattrMissing: false };

function lookBeside(root: string, path: string, attributes: HashAttributes): Beside {
  const tree = findTreeSidecar(root, path);
  return { tree, ...findRootHashSidecar(root, path, attributes) };
}

function examine(
  path: string,
  architecture: string,
  { tree, found, getfattrMissing }: Beside,
): Examination | ExaminationProblem {
  if (found !== null && found.kind !== 'root-hash') return { kind: 'sidecar', problem: found };
  const reader = openReader(path);
  try {
    const rootHash = found && { hierarchy: found.designator, hash: found.hash.toString('hex') };
    const dissection = dissect(reader, { architecture, ...(rootHash && { rootHash }) });
    if (dissection.kind !== 'dissection') return dissection;
    // Which of two hash trees is meant cannot be told.
    if (dissection.table !== null && tree !== null) return { kind: 'tree-beside-disk', tree };
    const sources = dissection.parts.flatMap((part) => {
      const source = sourceOf(part, path, tree, found);
      return source === null ? [] : [[part.designator, source] as const];
    });
    const rootHashUnread = getfattrMissing && tree !== null && found === null;
    return { kind: 'examination', dissection, verity: new Map(sources), rootHashUnread };
  } finally {
    reader.close();
  }
}

function sourceOf(
  { designator, chosen }: Part,
  path: string,
  treeFile: string | null,
  found: SidecarRootHash | null,
): VeritySource | null {
  const set = found?.designator === designator ? found : null;
  if (chosen === null) {
    if (treeFile === null || set === null) return null;
    return { rootHash: set.hash, setBy: set.source, tree: { path: treeFile, extent: null } };
  }
  if (chosen.verity === null) return null;
  const rootHash = set?.hash ?? rootHashFromUuids(chosen.data.uuid, chosen.verity.uuid);
  if (rootHash === null) return null;
  const { offset, size } = chosen.verity;
  return { rootHash, setBy: set?.source ?? null, tree: { path, extent: { offset, size } } };
}
