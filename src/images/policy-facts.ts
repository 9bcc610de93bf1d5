import type { Dissection, Part } from './dissection.js';
import type { Examination } from './examine.js';
import { isDesignator } from './policy/designator.js';
import type { ImageFacts, PartitionFacts, SidecarFacts } from './policy/facts.js';

/** What an image policy has to know of an image. @param hasSignatureFile whether a signature lies beside the image */
export function policyFacts(
  { dissection, verity }: Pick<Examination, 'dissection' | 'verity'>,
  hasSignatureFile: boolean,
): ImageFacts {
  const [first] = dissection.parts;
  const protectedPart = dissection.parts.find(({ designator }) => verity.has(designator)) ?? first;
  const { designator } = protectedPart;
  const hashTree = verity.has(designator);
  const sidecar: SidecarFacts | null =
    hashTree || hasSignatureFile ? { designator, hashTree, signature: hasSignatureFile } : null;
  return {
    layout: dissection.table === null ? 'bare' : 'partition-table',
    partitions: [...dissection.parts.flatMap(dataFacts), ...otherFacts(dissection)],
    sidecar,
  };
}

function dataFacts({ designator, chosen, content }: Part): PartitionFacts[] {
  const none = { fileSystem: null, encryption: 'none' } as const;
  const data: PartitionFacts = {
    designator,
    fileSystem: content.kind === 'file-system' ? content.type : null,
    encryption: content.kind !== 'luks' ? 'none' : content.hasIntegrity ? 'luks-with-integrity' : 'luks',
    readOnly: chosen?.data.readOnly ?? false,
    growFileSystem: chosen?.data.growFileSystem ?? false,
  };
  const facts = [data];
  const add = (role: 'verity' | 'verity-sig', partition: NonNullable<typeof chosen>['verity']) => {
    if (partition === null) return;
    const { readOnly, growFileSystem } = partition;
    facts.push({ designator: `${designator}-${role}`, ...none, readOnly, growFileSystem });
  };
  add('verity', chosen?.verity ?? null);
  add('verity-sig', chosen?.signature ?? null);
  return facts;
}

/** The first of each kind that extensions are not read from, but that a policy may forbid. */
function otherFacts({ passedOver }: Dissection): PartitionFacts[] {
  const found = new Map<string, PartitionFacts>();
  for (const { partition, reason } of passedOver) {
    if (reason.kind !== 'not-for-extensions' || !isDesignator(reason.type) || found.has(reason.type))
      continue;
    const { readOnly, growFileSystem } = partition;
    const facts = { fileSystem: null, encryption: 'none', readOnly, growFileSystem } as const;
    found.set(reason.type, { designator: reason.type, ...facts });
  }
  return [...found.values()];
}
