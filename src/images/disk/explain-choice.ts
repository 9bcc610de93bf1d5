import { uuidsOfRootHash } from '../verity/root-hash.js';
import type { Candidate } from './partition-candidates.js';
import type { ChosenPartition, PassedOver, Wanted } from './partition-choice.js';
import type { Partition } from './partition-table.js';
import { describePartitionType } from './partition-types.js';

/** Why a partition that could have been chosen was not; `null` if it was. */
export function explainCandidate(
  { partition, hierarchy, role, architecture }: Candidate,
  chosen: readonly ChosenPartition[],
  { rootHash }: Wanted,
): PassedOver | null {
  const of = chosen.find(({ data }) => isOf(data, hierarchy));
  const taken = of?.[role] ?? null;
  if (taken === partition) return null;
  if (of !== undefined && of.architecture !== architecture)
    return { partition, reason: { kind: 'other-architecture', architecture } };
  const byHash = rootHash?.hierarchy === hierarchy && role !== 'signature';
  if (taken === null || (byHash && uuidsOfRootHash(rootHash.hash)[role] !== partition.uuid))
    return { partition, reason: { kind: 'other-root-hash' } };
  return { partition, reason: { kind: 'older', than: taken.number } };
}

/** The same for one of the generic type. */
export function explainGeneric(partition: Partition, chosen: readonly ChosenPartition[]): PassedOver | null {
  if (chosen.some(({ data }) => data === partition)) return null;
  return { partition, reason: { kind: 'generic' } };
}

function isOf(data: Partition, hierarchy: Candidate['hierarchy']): boolean {
  const type = describePartitionType(data.type);
  return type.kind === 'hierarchy' && type.hierarchy === hierarchy;
}
