import type { CommandResult } from '../host/process.js';
import { openReader, sectionOf } from '../images/byte-reader.js';
import type { FileSystemType } from '../images/content.js';
import type { VeritySource } from '../images/examine.js';
import { findSignature, type SignatureProblem } from '../images/verity/find-signature.js';
import { type HashTreeVerdict, verifyHashTree } from '../images/verity/hash-tree.js';
import type { SignatureOutcome } from '../images/verity/signature-outcome.js';
import { type HeldImage, holdImage } from './held-image.js';
import { judgeSignature } from './judge-signature.js';
import { findMapperProblem, type MapperProblem } from './mapped/device-mapper.js';
import { openVerityDevice } from './mapped/verity-device.js';
import type { OpenPart, OpenSettings, PartUse } from './open-part.js';
import type { Workspace } from './workspace.js';

/** How a part was checked against its hash tree, and what its signature was worth. */
export interface CheckReport {
  readonly by:
    | { readonly kind: 'kernel' }
    /** All of it was read, because the kernel cannot check it. Bytes. */
    | { readonly kind: 'program'; readonly bytes: bigint; readonly because: KernelProblem };
  readonly signature: SignatureOutcome | { readonly kind: 'signed-for-kernel' };
}

/** Why the kernel does not check what it reads. */
export type KernelProblem = MapperProblem | { readonly kind: 'refused'; readonly result: CommandResult };

export type VerityProblem =
  /** The data does not fit the hash tree, or that does not fit the root hash. */
  | { readonly kind: 'verity'; readonly verdict: Exclude<HashTreeVerdict, { readonly kind: 'verified' }> }
  /** The policy asks for a signature, and there is none that counts. */
  | { readonly kind: 'signature'; readonly outcome: SignatureOutcome }
  /** What should be a signature cannot be read. */
  | SignatureProblem;

type VerityUse = PartUse & { readonly verity: VeritySource; readonly type: FileSystemType };

/**
 * Has the kernel check the data when it is read (dm-verity), or checks all of it now where the kernel cannot. The
 * signature is checked by the kernel, if it can, else against the certificates of the root.
 *
 * @throws CommandMissingError, CommandFailedError of losetup(8), the errors of reading the image
 */
export function openVerity(
  use: VerityUse,
  settings: OpenSettings,
  workspace: Workspace,
): OpenPart | VerityProblem {
  const { image, part, verity, required } = use;
  const found = findSignature(image, part, verity, settings.root);
  // Where the policy is content with less, a signature that cannot be read is as good as a wrong one.
  if (found !== null && found.kind !== 'signature' && required === 'signature-must-verify') return found;
  const signature = found?.kind === 'signature' ? found.bytes : null;
  const outcome = () => judgeSignature(found, verity.rootHash, settings);
  const problem = findMapperProblem('veritysetup');
  let because: KernelProblem;
  if (problem === null) {
    const parts = devices(use);
    const opened = openVerityDevice({ ...parts, signature }, workspace);
    if (opened.kind === 'open') {
      const report: CheckReport = {
        by: { kind: 'kernel' },
        signature: opened.signed ? { kind: 'signed-for-kernel' } : outcome(),
      };
      const mountable = { source: opened.device, type: use.type, loop: null, isLimited: true };
      const mapped = { kind: 'verity', ...parts, signature: opened.signed ? signature : null } as const;
      return finish(use, report, { mountable, mapped, loopDevices: opened.loops, held: null });
    }
    because = { kind: 'refused', result: opened.result };
  } else because = problem;
  return checkOurselves(use, outcome(), because);
}

function checkOurselves(
  use: VerityUse,
  signature: SignatureOutcome,
  because: KernelProblem,
): OpenPart | VerityProblem {
  // The cheaper look first: without it the other one is for nothing.
  if (isSignatureMissing(use, signature)) return { kind: 'signature', outcome: signature };
  const { image, part, verity } = use;
  const held = holdImage(image.path);
  let isKept = false;
  try {
    const { offset, size } = part.extent;
    const verdict = withTree(verity, held, (tree) =>
      verifyHashTree(sectionOf(held.reader, offset, size), tree, verity.rootHash),
    );
    if (verdict.kind !== 'verified') return { kind: 'verity', verdict };
    const { bytes } = verdict;
    isKept = true;
    const loop = { offset, size: bytes };
    const mountable = { source: image.path, type: use.type, loop, isLimited: true };
    const report: CheckReport = { by: { kind: 'program', bytes, because }, signature };
    return finish(use, report, { mountable, mapped: null, loopDevices: [], held });
  } finally {
    if (!isKept) held.close();
  }
}

function withTree<Result>(
  { tree }: VeritySource,
  held: HeldImage,
  action: (reader: Parameters<typeof sectionOf>[0]) => Result,
): Result {
  if (tree.extent !== null) return action(sectionOf(held.reader, tree.extent.offset, tree.extent.size));
  const reader = openReader(tree.path);
  try {
    return action(reader);
  } finally {
    reader.close();
  }
}

function finish(
  use: VerityUse,
  check: CheckReport,
  rest: Pick<OpenPart, 'mountable' | 'mapped' | 'loopDevices' | 'held'>,
): OpenPart | VerityProblem {
  const { signature } = check;
  if (signature.kind !== 'signed-for-kernel' && isSignatureMissing(use, signature))
    return { kind: 'signature', outcome: signature };
  const isSigned = signature.kind === 'signed' || signature.kind === 'signed-for-kernel';
  return {
    kind: 'open',
    ...rest,
    protection: isSigned ? 'signed' : 'verity',
    rootHash: use.verity.rootHash.toString('hex'),
    check,
  };
}

function isSignatureMissing({ required }: PartUse, { kind }: SignatureOutcome): boolean {
  return required === 'signature-must-verify' && kind !== 'signed';
}

/** What dm-verity gets. The data is as long as the hash tree says, so a part of the device is not shown. */
function devices({ image, part, verity }: VerityUse) {
  const { offset, size } = part.extent;
  const { path, extent } = verity.tree;
  return {
    data: { path: image.path, offset, size: part.chosen === null ? null : size },
    tree: { path, offset: extent?.offset ?? 0n, size: extent?.size ?? null },
    rootHash: verity.rootHash.toString('hex'),
  };
}
