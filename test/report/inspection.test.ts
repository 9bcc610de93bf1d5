import { CLASSES } from '../../src/extension-class.js';
import type { Partition, PartitionTable } from '../../src/images/disk/partition-table.js';
import type { Part } from '../../src/images/dissection.js';
import type { Examination, VeritySource } from '../../src/images/examine.js';
import type { Image } from '../../src/images/image.js';
import type { CheckReport } from '../../src/mount/open-verity.js';
import type { Inspection, SeenFiles } from '../../src/report/inspected.js';
import { isUsable } from '../../src/report/inspected.js';
import { inspectionReport } from '../../src/report/inspection.js';
import { describePassedOver } from '../../src/report/inspection-partitions.js';
import { readInspected } from '../support/inspect-schema.js';
import { DANGEROUS, makeHostile } from './hostile.js';

const image: Image = {
  kind: 'raw',
  name: 'foo',
  path: '/x/foo.raw',
  entry: '/e',
  label: 'foo',
  time: 0n,
  versions: null,
};
const ROOT = '4f68bce3-e8cd-4db1-96e7-fbcaf984b709';
const VERITY = '2c7357ed-ebd2-46d9-aec1-23d437ec2bf5';
const ESP = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const partition = (number: number, type: string, label: string): Partition => ({
  number,
  type,
  uuid: `${number}`.repeat(8),
  label,
  offset: BigInt(number) * 1048576n,
  size: 4096n,
  noAuto: false,
  readOnly: false,
  growFileSystem: false,
});
const [data, tree, esp] = [partition(1, ROOT, 'foo_1'), partition(2, VERITY, ''), partition(3, ESP, '')];
const table: PartitionTable = {
  kind: 'partition-table',
  sectorSize: 512,
  diskUuid: 'x',
  usedBackup: true,
  partitions: [data, tree, esp],
};
const content = { kind: 'file-system', type: 'erofs', uuid: 'u', label: 'data', size: 4096n } as const;
const part: Part = {
  designator: 'root',
  chosen: { data, verity: tree, signature: null, architecture: 'x86-64' },
  extent: { offset: 1048576n, size: 4096n },
  content,
};
const verity: VeritySource = {
  rootHash: Buffer.from('abcd', 'hex'),
  setBy: null,
  tree: { path: '/x/foo.raw', extent: null },
};
const unused = { partition: esp, reason: { kind: 'not-for-extensions', type: 'esp' } } as const;
const disk: Examination = {
  kind: 'examination',
  dissection: { kind: 'dissection', table, parts: [part], passedOver: [unused] },
  verity: new Map([['root', verity]]),
  rootHashUnread: false,
};
const check: CheckReport = {
  by: { kind: 'program', bytes: 4096n, because: { kind: 'no-device-mapper' } },
  signature: { kind: 'unsigned' },
};
const seen: SeenFiles = {
  kind: 'seen',
  hierarchies: [
    { hierarchy: '/usr', directories: 2, files: 1, more: false, unreadable: 0 },
    { hierarchy: '/opt', directories: 0, files: 2, more: true, unreadable: 1 },
  ],
  releases: [
    {
      extensionClass: CLASSES.sysext,
      release: {
        kind: 'found',
        path: '/usr/lib/extension-release.d/extension-release.foo',
        fileName: 'extension-release.foo',
        via: 'name',
        fields: new Map([['ID', '_any']]),
        problems: [],
      },
    },
    {
      extensionClass: CLASSES.confext,
      release: { kind: 'missing', wanted: '/etc/x', others: [], getfattrMissing: false },
    },
  ],
  record: {
    format: 'gpt',
    partitions: ['root'],
    protection: 'verity',
    rootHash: 'abcd',
    loopDevices: ['/dev/loop0'],
  },
  checks: [check],
};
const inspection: Inspection = { image, size: 9000n, examined: disk, files: seen };
const bare: Examination = {
  ...disk,
  dissection: { kind: 'dissection', table: null, parts: [{ ...part, chosen: null }], passedOver: [] },
  verity: new Map(),
};
const directory: Inspection = {
  image: { ...image, kind: 'directory', path: '/x/foo' },
  size: null,
  examined: null,
  files: { ...seen, record: null, checks: [], releases: [] },
};
const release = (more: SeenFiles['releases'][number]['release']): Inspection => ({
  ...inspection,
  files: { ...seen, releases: [{ extensionClass: CLASSES.sysext, release: more }] },
});
const text = (one: Inspection) => inspectionReport(one, 'off');
const json = (one: Inspection) => readInspected(inspectionReport(one, 'short'));

test('a disk image as text', () => {
  expect(text(inspection)).toBe(
    [
      'Image:        /x/foo.raw',
      'Name:         foo',
      'Format:       GPT disk image with sectors of 512 bytes, first copy of the partition table damaged',
      'Size:         9000 bytes',
      "Partition 1:  root for x86-64, 4096 bytes from 1048576 on, label 'foo_1', UUID 11111111; used: erofs file system, label 'data', UUID u",
      'Partition 2:  root verity for x86-64, 4096 bytes from 2097152 on, UUID 22222222; hash tree of partition 1',
      'Partition 3:  esp, 4096 bytes from 3145728 on, UUID 33333333; not used: extensions have no use for this type',
      'Root hash:    abcd (in the UUIDs of the partitions)',
      'Protection:   verity: all 4096 bytes checked',
      'OS extension: /usr/lib/extension-release.d/extension-release.foo: ID=_any',
      '/usr:         1 file in 3 directories',
      '/opt:         more than 2 files in 1 directory, and 1 directory that cannot be read',
      '',
    ].join('\n'),
  );
});

test('a disk image as JSON', () => {
  expect(json(inspection)).toMatchObject({
    name: 'foo',
    type: 'raw',
    size: 9000,
    format: 'gpt',
    sectorSize: 512,
    partitions: [
      { number: 1, purpose: 'root for x86-64', label: 'foo_1', used: true, passedOver: null },
      { number: 2, used: true },
      { number: 3, purpose: 'esp', used: false, passedOver: 'extensions have no use for this type' },
    ],
    fileSystems: [{ designator: 'root', partition: 1, type: 'erofs', uuid: 'u', label: 'data' }],
    rootHashes: [{ designator: 'root', rootHash: 'abcd' }],
    problem: null,
    protection: 'verity',
    extensions: [{ class: 'sysext', state: 'found', fields: { ID: '_any' } }],
    hierarchies: [{ hierarchy: '/usr', files: 1 }, { hierarchy: '/opt' }],
  });
});

test('one file system, a volume, a directory', () => {
  expect(text({ ...inspection, examined: bare })).toContain(
    "Format:       erofs file system, label 'data', UUID u\nSize:         9000 bytes\nProtection:",
  );
  const luks: Part = { ...part, chosen: null, content: { kind: 'luks', version: 2, hasIntegrity: false } };
  const volume = { ...bare, dissection: { ...bare.dissection, parts: [luks] as [Part] } };
  expect(text({ ...inspection, examined: volume })).toContain('Format:       encrypted volume (LUKS2)\n');
  expect(json({ ...inspection, examined: volume })).toMatchObject({ format: 'luks', partitions: [] });
  expect(text(directory)).toMatch(/^Image: +\/x\/foo\nName: +foo\nFormat: +directory\nRelease file: none/);
  expect(json(directory)).toMatchObject({
    format: 'directory',
    size: null,
    partitions: [],
    protection: null,
  });
});

test('where none of the partitions can be used, it is said why of each', () => {
  const examined = { kind: 'no-usable-partition', passedOver: [unused], table } as const;
  const problem: Inspection = { ...inspection, examined, files: { kind: 'unusable', problem: examined } };
  expect(text(problem)).toMatch(/^Partition 3: .*not used: extensions have no use for this type$/m);
  expect(text(problem)).toMatch(/^Cannot be used: it is a disk image without a root or usr partition .*\.$/m);
  expect(json(problem)).toMatchObject({
    format: 'gpt',
    partitions: [{ used: false }, { used: false }, { used: false }],
    problem: { kind: 'no-usable-partition', remedy: expect.stringContaining('anew') },
    extensions: null,
  });
  expect(isUsable(problem)).toBe(false);
});

test('a file that is no image has no format', () => {
  const problem: Inspection = {
    ...inspection,
    examined: { kind: 'text' },
    files: { kind: 'unusable', problem: { kind: 'text' } },
  };
  expect(text(problem)).not.toContain('Format:');
  expect(text(problem)).toMatch(/^Cannot be used: it is a text file; .*\.$/m);
  expect(json(problem)).toMatchObject({ format: null, problem: { kind: 'text' } });
});

test('what only a merge would find, and what only root can see', () => {
  const changed: Inspection = { ...inspection, files: { kind: 'unusable', problem: { kind: 'changed' } } };
  expect(text(changed)).toContain('Cannot be used: it was changed or replaced');
  expect(isUsable(changed)).toBe(false);
  const poor: Inspection = { ...inspection, files: { kind: 'not-privileged' } };
  expect(text(poor)).toContain('Files:       can be seen by root only');
  expect(isUsable(poor)).toBe(true);
});

test.each<[Inspection, string]>([
  [
    release({ kind: 'missing', wanted: '/x', others: ['bar'], getfattrMissing: false }),
    "another image name: 'bar'",
  ],
  [release({ kind: 'ambiguous', candidates: ['a', 'b'] }), "several release files could be meant: 'a', 'b'"],
  [release({ kind: 'empty', path: '/x', problems: [] }), '/x is empty'],
  [
    release({ kind: 'unreadable', path: '/x', cause: new Error('EIO: bad, open') }),
    '/x cannot be read (bad)',
  ],
])('release file: %#', (one, words) => {
  expect(text(one)).toContain(words);
});

test.each<[VeritySource['setBy'], string]>([
  [{ kind: 'file', file: '/x/foo.roothash' }, "in '/x/foo.roothash'"],
  [{ kind: 'attribute', file: '/x', attribute: 'user.verity.roothash' }, 'attribute user.verity.roothash'],
])('where the root hash stands: %#', (setBy, words) => {
  const examined: Examination = { ...disk, verity: new Map([['root', { ...verity, setBy }]]) };
  expect(text({ ...inspection, examined })).toContain(words);
});

test.each<[CheckReport, string]>([
  [
    { by: { kind: 'kernel' }, signature: { kind: 'unsigned' } },
    'verity: checked by the kernel while it is read\n',
  ],
  [{ ...check, signature: { kind: 'signed-for-kernel' } }, "signed by somebody in the kernel's keyring"],
  [
    { ...check, signature: { kind: 'signed', certificate: '/c', fingerprint: 'ab', subject: 'CN=E' } },
    "it is signed by 'CN=E' (/c)",
  ],
])('protection: %#', (one, words) => {
  expect(text({ ...inspection, files: { ...seen, checks: [one] } })).toContain(words);
});

test('every reason why a partition is not used has its words', () => {
  const reasons = [
    describePassedOver({ kind: 'not-for-extensions', type: 'esp' }),
    describePassedOver({ kind: 'unknown-type' }),
    describePassedOver({ kind: 'other-architecture', architecture: 'arm64' }),
    describePassedOver({ kind: 'no-auto' }),
    describePassedOver({ kind: 'empty-slot' }),
    describePassedOver({ kind: 'unfinished' }),
    describePassedOver({ kind: 'older', than: 2 }),
    describePassedOver({ kind: 'other-root-hash' }),
    describePassedOver({ kind: 'generic' }),
  ];
  expect(new Set(reasons).size).toBe(reasons.length);
  for (const reason of reasons) expect(reason).toMatch(/^[a-z].*[^.]$/);
});

test('it is harmless on a terminal', () => {
  const { kind, dissection } = disk;
  const words = [
    'kind',
    'type',
    'uuid',
    'designator',
    'hierarchy',
    'protection',
    'architecture',
    'attribute',
  ];
  const hostile: Inspection = {
    image: makeHostile(image, ['kind']),
    size: 1n,
    examined: {
      kind,
      dissection: makeHostile(dissection, words),
      verity: new Map([
        ['root', { ...verity, setBy: makeHostile({ kind: 'file', file: '/x' } as const, ['kind']) }],
      ]),
      rootHashUnread: false,
    },
    files: {
      ...seen,
      releases: [
        {
          extensionClass: CLASSES.sysext,
          release: {
            kind: 'found',
            path: makeHostile('/x', []),
            fileName: makeHostile('x', []),
            via: 'name',
            fields: new Map([[makeHostile('ID', []), makeHostile('x', [])]]),
            problems: [],
          },
        },
      ],
    },
  };
  const lines = text(hostile).split('\n');
  for (const line of lines) expect(line).not.toMatch(DANGEROUS);
  expect(lines).toHaveLength(text(inspection).split('\n').length);
});
