import type { DataDesignator } from '../policy/designator.js';
import { ARCHITECTURE_TYPES } from './partition-type-table.js';

/** A file system, the hash tree that protects it, the signature of that tree's root hash. */
export type Role = 'data' | 'verity' | 'signature';

/** Partitions that extensions have no use for, and the one for any purpose, by the names of systemd-id128(1) `show`. */
export type OtherType =
  | 'esp'
  | 'xbootldr'
  | 'swap'
  | 'home'
  | 'srv'
  | 'var'
  | 'tmp'
  | 'user-home'
  | 'linux-generic';

export type PartitionType =
  | {
      readonly kind: 'hierarchy';
      readonly hierarchy: DataDesignator;
      readonly role: Role;
      /** As `ConditionArchitecture=` names it. */
      readonly architecture: string;
    }
  | { readonly kind: 'other'; readonly name: OtherType }
  /** Of no type in UAPI.2. */
  | { readonly kind: 'unknown' };

const OTHER_TYPES: readonly (readonly [guid: string, name: OtherType])[] = [
  ['c12a7328-f81f-11d2-ba4b-00a0c93ec93b', 'esp'],
  ['bc13c2ff-59e6-4262-a352-b275fd6f7172', 'xbootldr'],
  ['0657fd6d-a4ab-43c4-84e5-0933c84b4f4f', 'swap'],
  ['933ac7e1-2eb4-4f13-b844-0e14e2aef915', 'home'],
  ['3b8f8425-20e0-4f3b-907f-1a25a76f98e8', 'srv'],
  ['4d21b016-b534-45c2-a9fb-5c16e091fd2d', 'var'],
  ['7ec6f557-3bc5-4aca-b293-16ef5df639d1', 'tmp'],
  ['773f91ef-66d4-49b5-bd83-d683bf40ad16', 'user-home'],
  ['0fc63daf-8483-4772-8e79-3d69d8477de4', 'linux-generic'],
];

/** Made for the first partition: most calls meet none. */
let types: ReadonlyMap<string, PartitionType> | null = null;

function makeTypes(): ReadonlyMap<string, PartitionType> {
  return new Map<string, PartitionType>([
    ...ARCHITECTURE_TYPES.map(
      ([guid, architecture, hierarchy, role]) =>
        [guid, { kind: 'hierarchy', hierarchy, role, architecture }] as const,
    ),
    ...OTHER_TYPES.map(([guid, name]) => [guid, { kind: 'other', name }] as const),
  ]);
}

/** What a partition of this type is for (UAPI.2). @param guid in lower case */
export function describePartitionType(guid: string): PartitionType {
  types ??= makeTypes();
  return types.get(guid) ?? { kind: 'unknown' };
}
