import { spawnSync } from 'node:child_process';
import { ARCHITECTURES } from '../../../src/host/architecture.js';
import { ARCHITECTURE_TYPES } from '../../../src/images/disk/partition-type-table.js';
import { describePartitionType } from '../../../src/images/disk/partition-types.js';
import { debianTrees, treeCommand } from '../../support/debian-tree.js';

test.each([
  ['4f68bce3-e8cd-4db1-96e7-fbcaf984b709', 'root data x86-64'],
  ['2c7357ed-ebd2-46d9-aec1-23d437ec2bf5', 'root verity x86-64'],
  ['c23ce4ff-44bd-4b00-b2d4-b41b3419e02a', 'usr signature arm64'],
  ['5eead9a9-fe09-4a1e-a1d7-520d00531306', 'root data s390x'],
])('%s is %s', (guid, expected) => {
  const type = describePartitionType(guid);
  expect(type.kind === 'hierarchy' && `${type.hierarchy} ${type.role} ${type.architecture}`).toBe(expected);
});

test('the others have names, and what UAPI.2 does not have has none', () => {
  expect(describePartitionType('c12a7328-f81f-11d2-ba4b-00a0c93ec93b')).toEqual({
    kind: 'other',
    name: 'esp',
  });
  expect(describePartitionType('00000000-0000-0000-0000-000000000000')).toEqual({ kind: 'unknown' });
});

test('every architecture has six types, and no type is there twice', () => {
  const guids = ARCHITECTURE_TYPES.map(([guid]) => guid);
  expect(new Set(guids).size).toBe(guids.length);
  const architectures = new Set(ARCHITECTURE_TYPES.map(([, architecture]) => architecture));
  expect(guids.length).toBe(6 * architectures.size);
  for (const architecture of architectures) expect(ARCHITECTURES).toContain(architecture);
});

const ROLES = { '': 'data', '-verity': 'verity', '-verity-sig': 'signature' } as const;

/** As systemd-id128(1) `show` names them: `root-x86-64-verity`. It has every type under several names. */
const listings = [['systemd-id128'], ...debianTrees().map((tree) => treeCommand(tree, 'systemd-id128'))]
  .filter((command) => command !== null)
  .map(([program, ...words]) => spawnSync(program!, [...words, 'show'], { encoding: 'utf8' }).stdout ?? '')
  .filter((text) => text.includes('root-x86-64'));

(listings.length > 0 ? test : test.skip)('systemd-id128 says the same of each type', () => {
  for (const listing of listings) {
    const guids = new Map(
      [...listing.matchAll(/^(\S+) +([0-9a-f]{32})/gm)].map(([, name, digits]) => [name!, digits!]),
    );
    const known = new Set(guids.values());
    for (const [guid, architecture, hierarchy, role] of ARCHITECTURE_TYPES) {
      const suffix = Object.entries(ROLES).find(([, name]) => name === role)![0];
      const digits = guids.get(`${hierarchy}-${architecture}${suffix}`);
      if (digits !== undefined) expect([guid, digits]).toEqual([guid, guid.replaceAll('-', '')]);
      known.delete(guid.replaceAll('-', ''));
    }
    const others = [...known].map((digits) =>
      describePartitionType(digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
    );
    expect(others.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  }
});
