import { choosePartitions } from '../../../src/images/disk/choose-partitions.js';
import type { PartitionChoice } from '../../../src/images/disk/partition-choice.js';
import type { Partition, PartitionTable } from '../../../src/images/disk/partition-table.js';
import { typeOf } from '../../support/disk-images.js';

const GENERIC = '0fc63daf-8483-4772-8e79-3d69d8477de4';
const ESP = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const HASH = 'f15fe889f69d5ada0f8a364b5c91540f2f538139c5100f87d058e7b4118c5bd4';
const [DATA_UUID, VERITY_UUID] = [
  'f15fe889-f69d-5ada-0f8a-364b5c91540f',
  '2f538139-c510-0f87-d058-e7b4118c5bd4',
];

type Sketch = Partial<Partition> & { readonly type: string };

function table(sketches: readonly Sketch[]): PartitionTable {
  const partitions = sketches.map((sketch, at) => ({
    number: at + 1,
    uuid: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    label: '',
    offset: BigInt(at + 1) << 20n,
    size: 1n << 20n,
    noAuto: false,
    readOnly: false,
    growFileSystem: false,
    ...sketch,
  }));
  return { kind: 'partition-table', sectorSize: 512, diskUuid: '', usedBackup: false, partitions };
}

const choose = (sketches: readonly Sketch[], hash?: string, hierarchy: 'root' | 'usr' = 'root') =>
  choosePartitions(table(sketches), {
    architecture: 'x86-64',
    ...(hash === undefined ? {} : { rootHash: { hierarchy, hash } }),
  });

/** Numbers of data, hash tree and signature: `root 1 2 - (x86-64)`, and what was passed over: `3 older`. */
function brief(sketches: readonly Sketch[], hash?: string): string {
  const choice = choose(sketches, hash);
  if (choice.kind !== 'partition-choice') return choice.kind;
  const hierarchies = (['root', 'usr'] as const).map((hierarchy) => {
    const chosen = choice[hierarchy];
    if (chosen === null) return [];
    const numbers = [chosen.data, chosen.verity, chosen.signature].map((one) => one?.number ?? '-');
    return [`${hierarchy} ${numbers.join(' ')} (${chosen.architecture})`];
  });
  const others = choice.passedOver.map(({ partition, reason }) => `${partition.number} ${reason.kind}`);
  return [...hierarchies.flat(), ...others].join(', ');
}

const root = (label = '', more: Partial<Partition> = {}) => ({ type: typeOf('root'), label, ...more });
const verity = (label = '', more: Partial<Partition> = {}) => ({
  ...root(label, more),
  type: typeOf('root', 'verity'),
});
const signature = (label = '') => ({ type: typeOf('root', 'signature'), label });
const usr = (label = '') => ({ type: typeOf('usr'), label });
const of = (architecture: string, label = '') => ({ type: typeOf('root', 'data', architecture), label });

test.each<[string, readonly Sketch[], string]>([
  ['the only one', [root()], 'root 1 - - (x86-64)'],
  ['the newest', [root('x_1.9'), root('x_1.10')], 'root 2 - - (x86-64), 1 older'],
  [
    'the first of equally new ones',
    [root('x 1'), root('x_1'), root('x_01')],
    'root 1 - - (x86-64), 2 older, 3 older',
  ],
  ['one with a label rather than one without', [root(), root('x')], 'root 2 - - (x86-64), 1 older'],
  [
    'the newest by label, whatever the names are',
    [root('zoo_1'), root('foo_2')],
    'root 1 - - (x86-64), 2 older',
  ],
  ['none that is empty', [root('_empty'), root('x')], 'root 2 - - (x86-64), 1 empty-slot'],
  ['one that only sounds empty', [root('_emptyx')], 'root 1 - - (x86-64)'],
  [
    'none that is not complete',
    [root('PRT#x_9'), root('PND#x_9'), root('A_1')],
    'root 3 - - (x86-64), 1 unfinished, 2 unfinished',
  ],
  [
    'none with the bit for it',
    [root('x_2', { noAuto: true }), root('x_1')],
    'root 2 - - (x86-64), 1 no-auto',
  ],
  ['usr', [{ type: ESP }, usr()], 'usr 2 - - (x86-64), 1 not-for-extensions'],
  ['both', [usr(), root()], 'root 2 - - (x86-64), usr 1 - - (x86-64)'],
  ['the native architecture', [of('x86', 'x_2'), root('x_1')], 'root 2 - - (x86-64), 1 other-architecture'],
  ['the secondary architecture', [of('x86'), of('arm64')], 'root 1 - - (x86), 2 other-architecture'],
  ['what protects it', [signature(), verity(), root()], 'root 3 2 1 (x86-64)'],
  [
    'the newest of each role',
    [root('x_1'), verity('x_9'), root('x_2'), verity('x_2')],
    'root 3 2 - (x86-64), 1 older, 4 older',
  ],
  [
    'a hash tree that is not to be used',
    [root(), verity('', { noAuto: true })],
    'root 1 - - (x86-64), 2 no-auto',
  ],
  ['the only generic one', [{ type: ESP }, { type: GENERIC }], 'root 2 - - (null), 1 not-for-extensions'],
  [
    'the only generic one in use',
    [{ type: GENERIC, label: '_empty' }, { type: GENERIC }, root('', { noAuto: true })],
    'root 2 - - (null), 1 empty-slot, 3 no-auto',
  ],
  ['no generic one beside another', [{ type: GENERIC }, usr()], 'usr 2 - - (x86-64), 1 generic'],
  [
    'nothing of an unknown type',
    [{ type: 'ffffffff-0000-4000-8000-000000000000' }, root()],
    'root 2 - - (x86-64), 1 unknown-type',
  ],
])('takes %s', (_, sketches, expected) => {
  expect(brief(sketches)).toBe(expected);
});

test.each<[string, readonly Sketch[], string]>([
  ['an empty disk', [], 'no-usable-partition'],
  ['nothing that extensions use', [{ type: ESP }], 'no-usable-partition'],
  ['another architecture only', [of('arm64')], 'no-usable-partition'],
  ['another architecture and a generic one', [of('arm64'), { type: GENERIC }], 'no-usable-partition'],
  [
    'two generic ones',
    [
      { type: GENERIC, label: 'x_1' },
      { type: GENERIC, label: 'x_2' },
    ],
    'generic-ambiguous',
  ],
  ['root and usr of two architectures', [of('x86'), usr()], 'architectures-differ'],
  [
    'the same beside one that would fit',
    [root(), of('x86'), { type: typeOf('usr', 'data', 'x86') }],
    'architectures-differ',
  ],
  ['a hash tree alone', [verity()], 'protection-without-data'],
  ['a hash tree beside a generic one', [{ type: GENERIC }, verity()], 'protection-without-data'],
  [
    'a hash tree of another hierarchy',
    [root(), { type: typeOf('usr', 'verity') }],
    'protection-without-data',
  ],
  [
    'a hash tree of another architecture',
    [root(), { type: typeOf('root', 'verity', 'x86') }],
    'protection-without-data',
  ],
  ['a signature without hash tree', [root(), signature()], 'protection-without-data'],
])('refuses %s', (_, sketches, expected) => {
  expect(brief(sketches)).toBe(expected);
});

describe('with a root hash', () => {
  const [data, tree] = [root('x_1', { uuid: DATA_UUID! }), verity('x_1', { uuid: VERITY_UUID! })];
  test('the partitions that have it, newer ones or not', () => {
    expect(brief([data, tree, root('x_2'), verity('x_2')], HASH)).toBe(
      'root 1 2 - (x86-64), 3 other-root-hash, 4 other-root-hash',
    );
    expect(brief([root('x_2'), verity('x_2'), data, tree], HASH.toUpperCase())).toMatch(/^root 3 4 - /);
  });
  test.each<[string, readonly Sketch[], 'data' | 'verity', string]>([
    ['data', [root('x_1'), tree], 'data', DATA_UUID!],
    ['data that may be used', [root('_empty', { uuid: DATA_UUID! }), root(), tree], 'data', DATA_UUID!],
    ['hash tree', [data, verity('x_1')], 'verity', VERITY_UUID!],
    ['data but a generic one', [{ type: GENERIC, uuid: DATA_UUID! }], 'data', DATA_UUID!],
  ])('that has no %s', (_, sketches, role, uuid) => {
    expect(choose(sketches, HASH)).toEqual({
      kind: 'no-partition-for-root-hash',
      hierarchy: 'root',
      role,
      uuid,
    });
  });
  test('of the other hierarchy', () => {
    expect(choose([data, tree], HASH, 'usr')).toMatchObject({
      kind: 'no-partition-for-root-hash',
      hierarchy: 'usr',
    });
  });
  test('that is none', () => {
    for (const hash of ['', 'x', HASH.slice(0, 32)])
      expect(choose([data, tree], hash)).toMatchObject({ kind: 'no-partition-for-root-hash' });
  });
});

test('reasons say what was there instead', () => {
  expect(choose([of('arm64'), { type: ESP }])).toMatchObject({
    passedOver: [
      { partition: { number: 1 }, reason: { kind: 'other-architecture', architecture: 'arm64' } },
      { partition: { number: 2 }, reason: { kind: 'not-for-extensions', type: 'esp' } },
    ],
  });
  const choice = choose([root('x_1'), root('x_2')]) as PartitionChoice;
  expect(choice.passedOver[0]!.reason).toEqual({ kind: 'older', than: 2 });
});
