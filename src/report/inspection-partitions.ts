import type { ChosenPartition, PassedOverReason } from '../images/disk/partition-choice.js';
import type { Partition } from '../images/disk/partition-table.js';
import type { Examination } from '../images/examine.js';
import { partitionTypeName } from './disk.js';
import { describeContent, type Line } from './inspection.js';
import { printable, quoted } from './printable.js';

/** What the partitions of an image are for, a line each, and its root hashes. */
export function partitionLines({ dissection: { table, parts, passedOver }, verity }: Examination): Line[] {
  const uses = new Map<Partition, string>();
  for (const part of parts) {
    if (part.chosen === null) continue;
    const what = part.designator === 'root' ? 'used' : 'used as /usr';
    uses.set(part.chosen.data, `${what}: ${describeContent(part)}`);
    for (const [partition, role] of protectors(part.chosen))
      uses.set(partition, `${role} of ${part.chosen.data.number}`);
  }
  for (const { partition, reason } of passedOver)
    uses.set(partition, `not used: ${describePassedOver(reason)}`);
  return [
    ...(table?.partitions ?? []).map((partition): Line => {
      const { number, type, size, offset, label, uuid } = partition;
      const name = label === '' ? '' : `, label ${quoted(label)}`;
      const place = `${size} bytes from ${offset} on`;
      const use = uses.get(partition) ?? 'not used';
      return [`Partition ${number}`, `${partitionTypeName(type)}, ${place}${name}, UUID ${uuid}; ${use}`];
    }),
    ...[...verity.values()].map(({ rootHash, setBy }): Line => {
      const where =
        setBy === null
          ? 'in the UUIDs of the partitions'
          : setBy.kind === 'file'
            ? `in ${quoted(setBy.file)}`
            : `in the extended attribute ${setBy.attribute}`;
      return ['Root hash', `${rootHash.toString('hex')} (${printable(where)})`];
    }),
  ];
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
