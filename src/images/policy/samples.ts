import { type DataDesignator, type Designator, roleOf } from './designator.js';
import { bareImage, type ImageFacts } from './facts.js';

/** Protections that are told apart when a policy is explained. */
export type SampleProtection = 'unprotected' | 'verity' | 'signed' | 'encrypted';

/** An image as there are many. */
export interface Sample {
  readonly layout: ImageFacts['layout'];
  readonly data: DataDesignator;
  readonly protection: SampleProtection;
  readonly facts: ImageFacts;
}

/** A file system that every policy about file systems is thought for. */
const FILE_SYSTEM = 'squashfs';

const KINDS = ['unprotected', 'verity', 'signed', 'encrypted'] as const;

/** What people have: bare file systems, and disk images with a root or a usr partition, each with all protections. */
export const SAMPLES: readonly Sample[] = [
  ...KINDS.map((protection) => bareSample(protection)),
  ...(['root', 'usr'] as const).flatMap((data) => KINDS.map((protection) => diskSample(data, protection))),
];

function bareSample(protection: SampleProtection): Sample {
  const hashTree = protection === 'verity' || protection === 'signed';
  const sidecar = { designator: 'root', hashTree, signature: protection === 'signed' } as const;
  const plain = bareImage(FILE_SYSTEM, hashTree ? sidecar : null);
  const facts = protection === 'encrypted' ? encrypt(plain) : plain;
  return { layout: 'bare', data: 'root', protection, facts };
}

function diskSample(data: DataDesignator, protection: SampleProtection): Sample {
  const designators: Designator[] = [data];
  if (protection === 'verity' || protection === 'signed') designators.push(`${data}-verity`);
  if (protection === 'signed') designators.push(`${data}-verity-sig`);
  const plain: ImageFacts = {
    layout: 'partition-table',
    partitions: designators.map((designator) => ({
      designator,
      fileSystem: roleOf(designator) === 'data' ? FILE_SYSTEM : null,
      encryption: 'none',
      // As systemd-repart(8) makes them.
      readOnly: designators.length > 1,
      growFileSystem: designators.length === 1,
    })),
    sidecar: null,
  };
  const facts = protection === 'encrypted' ? encrypt(plain) : plain;
  return { layout: 'partition-table', data, protection, facts };
}

function encrypt(facts: ImageFacts): ImageFacts {
  const partitions = facts.partitions.map((partition) => ({
    ...partition,
    fileSystem: null,
    encryption: 'luks' as const,
  }));
  return { ...facts, partitions };
}
