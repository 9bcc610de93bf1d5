import { secondaryArchitecture } from '../../host/architecture.js';
import type { DataDesignator } from '../policy/designator.js';
import type { PassedOver, PassedOverReason } from './partition-choice.js';
import type { Partition } from './partition-table.js';
import { describePartitionType, type Role } from './partition-types.js';

/** A partition of a hierarchy that may be used. */
export interface Candidate {
  readonly partition: Partition;
  readonly hierarchy: DataDesignator;
  readonly role: Role;
  readonly architecture: string;
}

export interface Candidates {
  readonly typed: readonly Candidate[];
  /** Of the type for any Linux data. */
  readonly generic: readonly Partition[];
  readonly passedOver: readonly PassedOver[];
}

/** Architectures of partitions that can be used on a machine, the preferred one first. */
export function usableArchitectures(native: string): readonly string[] {
  const secondary = secondaryArchitecture(native);
  return secondary === null ? [native] : [native, secondary];
}

/** Sorts out what is of no use, whatever else is on the disk. */
export function findCandidates(partitions: readonly Partition[], native: string): Candidates {
  const architectures = usableArchitectures(native);
  const typed: Candidate[] = [];
  const generic: Partition[] = [];
  const passedOver: PassedOver[] = [];
  for (const partition of partitions) {
    const type = describePartitionType(partition.type);
    const reason = whyNot(partition, architectures);
    if (reason !== null) passedOver.push({ partition, reason });
    else if (type.kind === 'hierarchy') typed.push({ ...type, partition });
    else generic.push(partition);
  }
  return { typed, generic, passedOver };
}

function whyNot(partition: Partition, architectures: readonly string[]): PassedOverReason | null {
  const type = describePartitionType(partition.type);
  if (type.kind === 'unknown') return { kind: 'unknown-type' };
  if (type.kind === 'other' && type.name !== 'linux-generic')
    return { kind: 'not-for-extensions', type: type.name };
  if (type.kind === 'hierarchy' && !architectures.includes(type.architecture))
    return { kind: 'other-architecture', architecture: type.architecture };
  if (partition.noAuto) return { kind: 'no-auto' };
  // sysupdate.d(5): `_empty` is a partition to write the next version to, and these are the prefixes while it is
  // downloaded and until it is complete. systemd-sysext knows the first of the three only, and takes the others for
  // names, so half of an image when there is nothing older.
  if (partition.label === '_empty') return { kind: 'empty-slot' };
  return /^P(RT|ND)#/.test(partition.label) ? { kind: 'unfinished' } : null;
}
