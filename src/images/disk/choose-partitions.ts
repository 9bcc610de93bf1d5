import { chooseHierarchy } from './choose-hierarchy.js';
import { explainCandidate, explainGeneric } from './explain-choice.js';
import { findCandidates } from './partition-candidates.js';
import type {
  ChosenPartition,
  PartitionChoice,
  PartitionChoiceProblem,
  PassedOver,
  Wanted,
} from './partition-choice.js';
import type { PartitionTable } from './partition-table.js';

/**
 * Chooses the partitions of an extension by the rules of UAPI.2, and where these leave room, as systemd does:
 *
 * - For each hierarchy those of the native architecture, or else of the secondary one. (systemd takes those of any other
 *   one, if there is neither.)
 * - Of several the one with the newest label, or the first of equally new ones; data, hash tree and signature each for
 *   itself. With a root hash those whose UUIDs are its halves.
 * - If the disk has no root and usr partition, its only generic one.
 *
 * @param table its labels and UUIDs may be anything
 */
export function choosePartitions(
  table: PartitionTable,
  wanted: Wanted,
): PartitionChoice | PartitionChoiceProblem {
  const { typed, generic, passedOver } = findCandidates(table.partitions, wanted.architecture);
  const root = chooseHierarchy('root', typed, wanted);
  if (root !== null && 'kind' in root) return root;
  const usr = chooseHierarchy('usr', typed, wanted);
  if (usr !== null && 'kind' in usr) return usr;
  if (root !== null && usr !== null && root.architecture !== usr.architecture)
    return { kind: 'architectures-differ', root, usr };

  // A generic partition beside a root partition for another machine is not that root.
  const nothing = root === null && usr === null && !passedOver.some(isForAnotherMachine);
  if (nothing && generic.length > 1) return { kind: 'generic-ambiguous', partitions: generic };
  const only = nothing ? (generic[0] ?? null) : null;
  const chosen: readonly ChosenPartition[] = [
    root ?? (only && { data: only, verity: null, signature: null, architecture: null }),
    usr,
  ].filter((partition) => partition !== null);

  const explained = [
    ...passedOver,
    ...typed.map((candidate) => explainCandidate(candidate, chosen, wanted)),
    ...generic.map((partition) => explainGeneric(partition, chosen)),
  ];
  const others = explained
    .filter((one) => one !== null)
    .sort((a, b) => a.partition.number - b.partition.number);
  if (chosen.length === 0) return { kind: 'no-usable-partition', passedOver: others };
  const [first] = chosen;
  return { kind: 'partition-choice', root: first === usr ? null : first!, usr, passedOver: others };
}

function isForAnotherMachine({ reason }: PassedOver): boolean {
  return reason.kind === 'other-architecture';
}
