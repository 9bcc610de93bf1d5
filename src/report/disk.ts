import type { Partition } from '../images/disk/partition-table.js';
import { describePartitionType } from '../images/disk/partition-types.js';
import type { DissectionProblem } from '../images/dissection.js';
import { type Advice, describeUnusable, describeUnusableIn } from './content.js';
import { printable, quoted } from './printable.js';

/** What is wrong with an image that cannot be mounted, and what to do. */
export function describeDissectionProblem(problem: DissectionProblem): Advice {
  const replace = 'copy the image again, or remove it';
  const repair = 'mend the partition table, for example with sgdisk --verify, or make the image anew';
  switch (problem.kind) {
    case 'no-partition-table':
      return { problem: 'it has no partition table', remedy: replace };
    case 'hybrid-mbr':
      return {
        problem:
          'its MBR has partitions beside its GPT, so that not all programs see the same disk (a hybrid MBR)',
        remedy: 'write a protective MBR, for example with sgdisk --mbrtogpt, or use a bare file system',
      };
    case 'sector-size-ambiguous':
      return {
        problem: 'it has one partition table for sectors of 512 bytes and another one for 4096',
        remedy: 'wipe what is not meant with wipefs(8)',
      };
    case 'gpt-damaged':
      return {
        problem: `both copies of its partition table are damaged (${printable(problem.field)} is ${printable(problem.found)}, not ${printable(problem.wanted)})`,
        remedy: replace,
      };
    case 'gpt-cut-off':
      return {
        problem: `its partition table is for a disk of at least ${problem.size} bytes, but the file has only ${problem.available}`,
        remedy: replace,
      };
    case 'partition-outside':
      return {
        problem: `partition ${problem.number} is not within the disk (${printable(problem.field)} is ${printable(problem.found)}, not ${printable(problem.wanted)})`,
        remedy: repair,
      };
    case 'partitions-overlap':
      return { problem: `its partitions ${problem.numbers.join(' and ')} overlap`, remedy: repair };
    case 'no-usable-partition':
      return {
        problem: `it is a disk image without a root or usr partition for this machine (${listPartitions(problem.table.partitions)})`,
        remedy:
          "make the image anew with the partition types of this architecture; why each partition is not used is shown by the command 'inspect'",
      };
    case 'architectures-differ':
      return {
        problem: `its root partition is for ${problem.root.architecture}, but its usr partition for ${problem.usr.architecture}`,
        remedy: 'make the image anew with partitions of one architecture',
      };
    case 'generic-ambiguous':
      return {
        problem: `it has no root or usr partition, and several that could be meant (${listPartitions(problem.partitions)})`,
        remedy:
          'give the one that is meant the partition type of a root partition, for example with sfdisk --part-type',
      };
    case 'protection-without-data':
      return {
        problem: `its partition ${problem.partition.number} is ${problem.role === 'verity' ? 'a hash tree' : 'a signature'} of a ${problem.hierarchy} partition that is missing or goes without`,
        remedy: 'make the image anew',
      };
    case 'no-partition-for-root-hash':
      return {
        problem: `a root hash is set for it, but no ${problem.hierarchy}${problem.role === 'verity' ? ' verity' : ''} partition with that part of it as its UUID (${problem.uuid})`,
        remedy: 'correct the root hash beside the image, or copy the image again',
      };
    case 'partition':
      return describeUnusableIn(`partition ${problem.partition.number}`, problem.content);
    case 'partial-block':
      return {
        problem: `with ${problem.size} bytes its last ${problem.size % problem.block} are no whole block of ${problem.block}, and the kernel cannot read a part of one`,
        remedy: `fill it up with truncate --size=%${problem.block}`,
      };
    default:
      return describeUnusable(problem);
  }
}

/** `1 (esp), 2 'label' (root for arm64)`. */
export function listPartitions(partitions: readonly Partition[]): string {
  if (partitions.length === 0) return 'it has no partitions at all';
  const words = partitions.map(({ number, type, label }) => {
    return `${number}${label === '' ? '' : ` ${quoted(label)}`} (${partitionTypeName(type)})`;
  });
  return words.join(', ');
}

/** What a partition is for: `root for arm64`, `usr verity for x86-64`, `esp`. */
export function partitionTypeName(guid: string): string {
  const type = describePartitionType(guid);
  switch (type.kind) {
    case 'hierarchy':
      return `${type.hierarchy}${type.role === 'data' ? '' : ` ${type.role}`} for ${type.architecture}`;
    case 'other':
      return type.name;
    case 'unknown':
      return `unknown type ${guid}`;
  }
}
