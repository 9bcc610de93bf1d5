import type { ChosenPartition, PassedOver, PassedOverReason } from '../images/disk/partition-choice.js';
import type { Partition, PartitionTable } from '../images/disk/partition-table.js';
import type { Dissection, Part } from '../images/dissection.js';
import type { Examination, ExaminationProblem, VeritySource } from '../images/examine.js';
import { partitionTypeName } from './disk.js';
import { printable, quoted } from './printable.js';

/** A label, and what it is about. */
export type Line = readonly [label: string, text: string];

/** What is known of the partitions of an image. */
export interface KnownPartitions {
  /** `null` if it has none, or none that can be read. */
  readonly table: PartitionTable | null;
  readonly parts: Dissection['parts'] | readonly [];
  readonly passedOver: readonly PassedOver[];
}

/** Also where none of them can be used: then it is to be seen why. */
export function knownPartitions(examined: Examination | ExaminationProblem): KnownPartitions {
  if (examined.kind === 'examination') return examined.dissection;
  const passedOver = 'passedOver' in examined ? examined.passedOver : [];
  return { table: 'table' in examined ? examined.table : null, parts: [], passedOver };
}

/** What the partitions of an image are for, a line each. */
export function partitionLines({ table, parts, passedOver }: KnownPartitions): Line[] {
  const uses = new Map<Partition, string>();
  for (const part of parts) {
    if (part.chosen === null) continue;
    const what = part.designator === 'root' ? 'used' : 'used as /usr';
    uses.set(part.chosen.data, `${what}: ${describeContent(part)}`);
    for (const [partition, role] of protectors(part.chosen))
      uses.set(partition, `${role} of partition ${part.chosen.data.number}`);
  }
  for (const { partition, reason } of passedOver)
    uses.set(partition, `not used: ${describePassedOver(reason)}`);
  return (table?.partitions ?? []).map((partition): Line => {
    const { number, type, size, offset, label, uuid } = partition;
    const name = label === '' ? '' : `, label ${quoted(label)}`;
    const place = `${size} bytes from ${offset} on`;
    const use = uses.get(partition) ?? 'not used';
    return [`Partition ${number}`, `${partitionTypeName(type)}, ${place}${name}, UUID ${uuid}; ${use}`];
  });
}

export function rootHashLine({ rootHash, setBy }: VeritySource): Line {
  const where =
    setBy === null
      ? 'in the UUIDs of the partitions'
      : setBy.kind === 'file'
        ? `in ${quoted(setBy.file)}`
        : `in the extended attribute ${setBy.attribute}`;
  return ['Root hash', `${rootHash.toString('hex')} (${printable(where)})`];
}

function protectors({ verity, signature }: ChosenPartition): (readonly [Partition, string])[] {
  return [
    ...(verity === null ? [] : [[verity, 'hash tree'] as const]),
    ...(signature === null ? [] : [[signature, 'signature of the root hash'] as const]),
  ];
}

/** Why a partition is not used, without a full stop. */
export function describePassedOver(reason: PassedOverReason): string {
  switch (reason.kind) {
    case 'not-for-extensions':
      return 'extensions have no use for this type';
    case 'unknown-type':
      return 'this type is not known';
    case 'other-architecture':
      return `it is for ${reason.architecture}`;
    case 'no-auto':
      return 'its attribute no-auto is set';
    case 'empty-slot':
      return 'by its label it is empty';
    case 'unfinished':
      return 'by its label it is not complete';
    case 'older':
      return `by its label it is no newer than partition ${reason.than}`;
    case 'other-root-hash':
      return 'its UUID is not part of the root hash';
    case 'generic':
      return 'there is a partition with a type of its own';
  }
}

export function describeContent({ content }: Part): string {
  if (content.kind === 'luks') return `encrypted volume (LUKS${content.version})`;
  const { type, uuid, label } = content;
  const about = [
    ...(label === null ? [] : [`label ${quoted(label)}`]),
    ...(uuid === null ? [] : [`UUID ${uuid}`]),
  ];
  return [`${type} file system`, ...about].join(', ');
}
