import { type ByteReader, openReader } from './byte-reader.js';
import { dissect } from './dissect.js';
import type { Dissection, DissectionProblem, Extent, Part } from './dissection.js';
import { identify } from './identify.js';
import type { Image } from './image.js';
import type { DataDesignator } from './policy/designator.js';
import { rootHashFromUuids } from './verity/root-hash.js';
import {
  findRootHashSidecar,
  findTreeSidecar,
  type RootHashSource,
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
  | { readonly kind: 'sidecar'; readonly problem: SidecarRootHashProblem };

/**
 * Says what an image file or block device is. Reads only: superblocks, the partition table, small files beside it.
 *
 * @param architecture that of the machine, see nativeArchitecture()
 * @throws NotImageFileError, the errors of open(2) and pread(2), when the image vanishes; those of findRootHashSidecar()
 */
export function examineImage(
  { path, kind }: Pick<Image, 'path' | 'kind'>,
  root: string,
  architecture: string,
): Examination | ExaminationProblem {
  const reader = openReader(path);
  try {
    const beside = kind === 'raw' ? lookBeside(reader, root, path) : NOTHING_BESIDE;
    const { tree, found, getfattrMissing } = beside;
    if (found !== null && found.kind !== 'root-hash') return { kind: 'sidecar', problem: found };
    const rootHash = found && { hierarchy: found.designator, hash: found.hash.toString('hex') };
    const dissection = dissect(reader, { architecture, ...(rootHash && { rootHash }) });
    if (dissection.kind !== 'dissection') return dissection;
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

interface Beside {
  readonly tree: string | null;
  readonly found: SidecarRootHash | SidecarRootHashProblem | null;
  readonly getfattrMissing: boolean;
}

const NOTHING_BESIDE: Beside = { tree: null, found: null, getfattrMissing: false };

/** A root hash says nothing of a bare file system without a hash tree, and asking for it may cost a process. */
function lookBeside(reader: ByteReader, root: string, path: string): Beside {
  const isDisk = ['gpt', 'mbr'].includes(identify(reader).kind);
  const tree = isDisk ? null : findTreeSidecar(root, path);
  if (!isDisk && tree === null) return NOTHING_BESIDE;
  return { tree, ...findRootHashSidecar(root, path) };
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
