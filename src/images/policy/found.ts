import type { Designator } from './designator.js';
import type { ImageFacts, PartitionFacts } from './facts.js';
import { PROTECTIONS, type Protection } from './flag.js';

/** What there is to check a partition with, of what the policy lets be used. */
export interface Evidence {
  readonly hashTree: boolean;
  readonly signature: boolean;
}

const NOTHING: Evidence = { hashTree: false, signature: false };

/** @param used the partitions of the image that the policy does not ignore */
export function evidenceFor(
  designator: Designator,
  { layout, sidecar }: ImageFacts,
  used: ReadonlySet<Designator>,
): Evidence {
  if (designator !== 'root' && designator !== 'usr') return NOTHING;
  const beside = sidecar?.designator === designator ? sidecar : null;
  const hashTree = layout === 'bare' ? beside?.hashTree === true : used.has(`${designator}-verity`);
  const signature = beside?.signature === true || used.has(`${designator}-verity-sig`);
  return { hashTree, signature: hashTree && signature };
}

/**
 * The protections that a partition can be said to have. One with a signature also counts as one with verity only, and as
 * an unprotected one (systemd.image-policy(7)). In the original, and so here, that is not true of a bare file system with
 * its hash tree beside it: that is what it is, and nothing less.
 */
export function protectionsOf(
  { encryption }: PartitionFacts,
  { hashTree, signature }: Evidence,
  layout: ImageFacts['layout'],
): readonly Protection[] {
  if (encryption === 'luks') return ['encrypted'];
  if (encryption === 'luks-with-integrity') return ['encryptedwithintegrity'];
  if (layout === 'bare') return [signature ? 'signed' : hashTree ? 'verity' : 'unprotected'];
  const has: Readonly<Partial<Record<Protection, boolean>>> = {
    unprotected: true,
    verity: hashTree,
    signed: signature,
  };
  return PROTECTIONS.filter((protection) => has[protection]);
}
