import type { DataDesignator } from '../policy/designator.js';
import { uuidsOfRootHash } from '../verity/root-hash.js';
import { compareVersions } from '../version-order.js';
import { type Candidate, usableArchitectures } from './partition-candidates.js';
import type { ChosenPartition, PartitionChoiceProblem, Wanted } from './partition-choice.js';
import type { Partition } from './partition-table.js';
import type { Role } from './partition-types.js';

/** The partitions of one hierarchy; `null` if there are none. */
export function chooseHierarchy(
  hierarchy: DataDesignator,
  candidates: readonly Candidate[],
  wanted: Wanted,
): ChosenPartition | PartitionChoiceProblem | null {
  const ours = candidates.filter((candidate) => candidate.hierarchy === hierarchy);
  const orphan = ours.find((candidate) => isOrphan(candidate, ours));
  if (orphan !== undefined && orphan.role !== 'data')
    return { kind: 'protection-without-data', partition: orphan.partition, hierarchy, role: orphan.role };

  const uuids = wanted.rootHash?.hierarchy === hierarchy ? uuidsOfRootHash(wanted.rootHash.hash) : null;
  const newest = (role: Role, architecture: string): Partition | null =>
    newestOf(
      ours
        .filter((candidate) => candidate.role === role && candidate.architecture === architecture)
        .map(({ partition }) => partition)
        .filter(({ uuid }) => uuids === null || role === 'signature' || uuid === uuids[role]),
    );
  for (const architecture of usableArchitectures(wanted.architecture)) {
    const data = newest('data', architecture);
    if (data === null) continue;
    const verity = newest('verity', architecture);
    if (verity === null && uuids !== null)
      return { kind: 'no-partition-for-root-hash', hierarchy, role: 'verity', uuid: uuids.verity };
    return { data, verity, signature: newest('signature', architecture), architecture };
  }
  if (uuids === null) return null;
  return { kind: 'no-partition-for-root-hash', hierarchy, role: 'data', uuid: uuids.data };
}

/** Equally new ones stay in the order of the table. */
function newestOf(partitions: readonly Partition[]): Partition | null {
  return partitions.reduce<Partition | null>(
    (best, next) => (best === null || compareVersions(next.label, best.label) > 0 ? next : best),
    null,
  );
}

/**
 * A hash tree without data of its architecture, or a signature without hash tree. Whoever made the disk wanted
 * something to be checked, so it is not passed over.
 */
function isOrphan({ role, architecture }: Candidate, ours: readonly Candidate[]): boolean {
  if (role === 'data') return false;
  const needed = role === 'verity' ? 'data' : 'verity';
  return !ours.some((other) => other.role === needed && other.architecture === architecture);
}
