import { CommandFailedError } from '../../src/host/process.js';
import type { Partition, PartitionTable } from '../../src/images/disk/partition-table.js';
import type { Part } from '../../src/images/dissection.js';
import type { Image } from '../../src/images/image.js';
import { parseImagePolicy } from '../../src/images/policy/parse.js';
import type { ImageProblem } from '../../src/mount/examine-images.js';
import type { PartProblem, PartUse } from '../../src/mount/open-part.js';
import { describeImageProblem } from '../../src/report/image-problems.js';
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
const partition: Partition = {
  number: 2,
  type: '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
  uuid: '11111111-2222-3333-4444-555555555555',
  label: 'foo_2',
  offset: 1048576n,
  size: 4096n,
  noAuto: false,
  readOnly: false,
  growFileSystem: false,
};
const other: Partition = { ...partition, number: 3, type: 'b921b045-1df0-41c3-af44-4c6f280d3fae', label: '' };
const unknown: Partition = { ...other, number: 4, type: '00000000-1111-2222-3333-444444444444' };
const table: PartitionTable = {
  kind: 'partition-table',
  sectorSize: 512,
  diskUuid: partition.uuid,
  usedBackup: false,
  partitions: [partition, other, unknown],
};
const chosen = { data: partition, verity: null, signature: null, architecture: 'x86-64' };
const part: Part = {
  designator: 'root',
  chosen,
  extent: { offset: 0n, size: 4096n },
  content: { kind: 'luks', version: 2, hasIntegrity: false },
};
const use: PartUse = { image, part, verity: null, required: 'none', fileSystems: [] };
const bare: PartUse = { ...use, part: { ...part, chosen: null } };
const failed = new CommandFailedError({
  command: ['cryptsetup', 'open'],
  status: 2,
  signal: null,
  stdout: '',
  stderr: 'No key available with this passphrase.\n',
});
const file = { kind: 'unusable-file', file: '/x/foo.roothash', limit: 4096, code: '' } as const;
const source = { kind: 'file', file: '/x/foo.roothash' } as const;
const attribute = { kind: 'attribute', file: '/x/foo.raw', attribute: 'user.verity.roothash' } as const;
const rootHash = { kind: 'malformed-root-hash', text: 'xyz', source } as const;

const inPart = (problem: PartProblem, on: PartUse = use): ImageProblem => ({
  kind: 'part',
  use: on,
  problem,
});
const signature = (outcome: Extract<PartProblem, { kind: 'signature' }>['outcome']): ImageProblem =>
  inPart({ kind: 'signature', outcome });
const mismatch = (where: 'root-hash' | 'tree' | 'data' | 'spare-area'): ImageProblem =>
  inPart({ kind: 'verity', verdict: { kind: 'mismatch', where, level: 1, block: 7 } });

/** Kinds that describe what the bytes of a whole file are have their sentences in content.test.ts. */
type Kind = Exclude<
  ImageProblem['kind'],
  | 'archive'
  | 'ambiguous'
  | 'damaged'
  | 'elf'
  | 'empty'
  | 'iso9660'
  | 'swap'
  | 'text'
  | 'too-short'
  | 'truncated'
  | 'unknown'
  | 'verity'
  | 'virtual-disk'
  | 'zeros'
>;

/** By the kind; each with words that have to be said. */
const CASES: { readonly [K in Kind]: readonly [problem: ImageProblem, ...says: string[]][] } = {
  mbr: [[{ kind: 'mbr' }, 'an MBR partition table', 'with a GPT', 'or use a bare file system']],
  'tree-beside-disk': [
    [{ kind: 'tree-beside-disk', tree: '/x/foo.verity' }, "'/x/foo.verity' beside it", 'remove that file'],
  ],
  'no-partition-table': [[{ kind: 'no-partition-table' }, 'it has no partition table']],
  'hybrid-mbr': [[{ kind: 'hybrid-mbr' }, 'a hybrid MBR', 'sgdisk']],
  'sector-size-ambiguous': [[{ kind: 'sector-size-ambiguous' }, '512', '4096', 'wipefs(8)']],
  'gpt-damaged': [
    [
      { kind: 'gpt-damaged', field: 'MyLBA', found: '2', wanted: '1' },
      'both copies of its partition table are damaged (MyLBA is 2, not 1)',
    ],
  ],
  'gpt-cut-off': [
    [{ kind: 'gpt-cut-off', size: 9000n, available: 8000n }, 'at least 9000 bytes', 'only 8000'],
  ],
  'partition-outside': [
    [
      { kind: 'partition-outside', number: 3, field: 'EndingLBA', found: '9', wanted: '1 to 5' },
      'partition 3 is not within the disk (EndingLBA is 9, not 1 to 5)',
    ],
  ],
  'partitions-overlap': [
    [{ kind: 'partitions-overlap', numbers: [1, 3] }, 'its partitions 1 and 3 overlap', 'mend'],
  ],
  'no-usable-partition': [
    [
      { kind: 'no-usable-partition', passedOver: [], table },
      "2 'foo_2' (root for x86-64), 3 (root for arm64), 4 (unknown type 00000000-1111-2222-3333-444444444444)",
      "by the command 'inspect'",
    ],
    [
      { kind: 'no-usable-partition', passedOver: [], table: { ...table, partitions: [] } },
      'no partitions at all',
    ],
  ],
  'architectures-differ': [
    [
      { kind: 'architectures-differ', root: chosen, usr: { ...chosen, architecture: 'x86' }, table },
      'its root partition is for x86-64, but its usr partition for x86',
    ],
  ],
  'generic-ambiguous': [
    [
      { kind: 'generic-ambiguous', partitions: [partition, other], table },
      "(2 'foo_2'",
      'sfdisk --part-type',
    ],
  ],
  'protection-without-data': [
    [
      { kind: 'protection-without-data', partition, hierarchy: 'usr', role: 'verity', table },
      'its partition 2 is a hash tree of a usr partition',
    ],
    [
      { kind: 'protection-without-data', partition, hierarchy: 'root', role: 'signature', table },
      'its partition 2 is a signature of a root partition',
    ],
  ],
  'no-partition-for-root-hash': [
    [
      { kind: 'no-partition-for-root-hash', hierarchy: 'root', role: 'data', uuid: 'ab', table },
      'no root partition with that part of it as its UUID (ab)',
    ],
    [
      { kind: 'no-partition-for-root-hash', hierarchy: 'usr', role: 'verity', uuid: 'ab', table },
      'no usr verity partition',
    ],
  ],
  partition: [
    [
      { kind: 'partition', partition, content: { kind: 'luks', version: 1 } },
      'what is in partition 2 cannot be used: it is encrypted (LUKS1)',
    ],
    [{ kind: 'partition', partition, content: { kind: 'zeros' } }, 'only zeros', 'in partition 2'],
  ],
  'partial-block': [
    [
      { kind: 'partial-block', size: 1000n, block: 512n },
      '1000 bytes',
      'its last 488',
      'truncate --size=%512',
    ],
  ],
  'no-layers': [
    [
      {
        kind: 'no-layers',
        content: { kind: 'file-system', type: 'vfat', uuid: null, label: null, size: null },
      },
      'names in a vfat file system are not case-sensitive',
      'squashfs',
    ],
  ],
  sidecar: [
    [{ kind: 'sidecar', problem: { ...file, problem: 'empty' } }, "'/x/foo.roothash' beside it is empty"],
    [{ kind: 'sidecar', problem: { ...file, problem: 'too-large' } }, 'is larger than 4096 bytes'],
    [{ kind: 'sidecar', problem: { ...file, problem: 'no-regular-file' } }, 'is no regular file'],
    [{ kind: 'sidecar', problem: { ...file, problem: 'unreadable', code: 'EIO' } }, 'cannot be read (EIO)'],
    [
      { kind: 'sidecar', problem: { ...rootHash, problem: 'empty' } },
      "the root hash in '/x/foo.roothash' is empty",
    ],
    [{ kind: 'sidecar', problem: { ...rootHash, problem: 'no-hexadecimal-digits' } }, "digits ('xyz')"],
    [
      { kind: 'sidecar', problem: { ...rootHash, problem: 'odd-number-of-digits' } },
      'an odd number of digits',
    ],
    [{ kind: 'sidecar', problem: { ...rootHash, problem: 'too-short' } }, 'less than 32 digits'],
    [
      { kind: 'sidecar', problem: { ...rootHash, source: attribute, problem: 'too-long' } },
      'the root hash in its extended attribute user.verity.roothash has too many digits',
      'setfattr(1)',
    ],
  ],
  policy: [
    [
      {
        kind: 'policy',
        refusal: { kind: 'not-allowed', designator: 'root' },
        policy: parseImagePolicy('root=absent'),
      },
      "the image policy 'root=absent' refuses it: there is a partition root",
      '--image-policy=',
    ],
  ],
  'no-usr-directory': [[{ kind: 'no-usr-directory' }, 'no directory /usr', 'make the image anew']],
  changed: [[{ kind: 'changed' }, 'changed or replaced while it was checked', 'rename(2)']],
  part: [
    [
      inPart({ kind: 'no-key', keyFile: '/etc/sysext/keys.d/foo.key' }),
      'its partition 2 is encrypted (LUKS)',
      "put the key into '/etc/sysext/keys.d/foo.key'",
    ],
    [inPart({ kind: 'no-key', keyFile: '/k' }, bare), 'it is encrypted (LUKS), and there is no key'],
    [
      inPart({ kind: 'no-mapper', problem: { kind: 'no-program', program: 'cryptsetup' } }),
      'cryptsetup(8) is not installed',
      'install cryptsetup',
    ],
    [
      inPart({ kind: 'no-mapper', problem: { kind: 'no-device-mapper' } }),
      'this kernel has no device mapper',
      'modprobe dm-crypt',
    ],
    [
      inPart({ kind: 'wrong-key', keyFile: '/k', cause: failed }),
      "cannot be opened with the key in '/k': No key available with this passphrase",
    ],
    [
      inPart({ kind: 'encrypted-content', content: { kind: 'swap' } }),
      'what is in the encrypted volume cannot be used: it is swap space',
    ],
    [
      inPart({ kind: 'encrypted-file-system', found: 'ext4', wanted: ['erofs', 'squashfs'] }),
      'of type erofs or squashfs, but in the encrypted volume there is ext4',
    ],
    [mismatch('root-hash'), 'its content is not what its root hash is for', 'damaged or was tampered with'],
    [mismatch('tree'), 'block 7 of its hash tree (level 1) is not what it was'],
    [mismatch('data'), 'block 7 of its data is not what it was'],
    [mismatch('spare-area'), 'block 7 of its hash tree (level 1) has more in it'],
    [
      inPart({ kind: 'verity', verdict: { kind: 'too-short', which: 'data', size: 8n, available: 4n } }),
      'its data should have 8 bytes, but has 4',
    ],
    [
      inPart({ kind: 'verity', verdict: { kind: 'too-short', which: 'tree', size: 8n, available: 4n } }),
      'its hash tree should have 8 bytes',
    ],
    [
      inPart({
        kind: 'verity',
        verdict: { kind: 'root-hash-size', algorithm: 'sha256', found: 16, wanted: 32 },
      }),
      'its root hash has 16 bytes, but sha256 hashes have 32',
    ],
    [
      inPart({
        kind: 'verity',
        verdict: { kind: 'damaged-superblock', field: 'version', found: '2', wanted: '1' },
      }),
      "the superblock of its hash tree is damaged (version is '2', not 1)",
    ],
    [
      inPart({
        kind: 'verity',
        verdict: { kind: 'damaged-superblock', field: 'algorithm', found: 'crc', wanted: 'sha1, sha256' },
      }),
      "its hash tree is made with 'crc', and only sha1, sha256 can be checked here",
    ],
    [
      inPart({ kind: 'damaged-signature-partition', field: 'json', found: 'x', wanted: 'an object' }),
      "its signature partition is damaged (json is 'x', not an object)",
    ],
    [
      inPart({ ...file, file: '/x/foo.roothash.p7s', problem: 'empty' }),
      "'/x/foo.roothash.p7s' beside it is empty",
    ],
    [signature({ kind: 'unsigned' }), 'asks for a signature, and it has none', 'use a signed image'],
    [
      signature({ kind: 'invalid', reason: { kind: 'malformed', field: 'signerInfos' } }),
      'its signature cannot be read (signerInfos)',
    ],
    [
      signature({ kind: 'invalid', reason: { kind: 'other-content' } }),
      'its signature is damaged, or that of another root hash',
    ],
    [
      signature({ kind: 'invalid', reason: { kind: 'wrong-key', certificate: '/etc/verity.d/a.crt' } }),
      "was not made with the key of '/etc/verity.d/a.crt'",
    ],
    [
      signature({ kind: 'untrusted', issuer: 'CN=Example', serial: '2a', certificates: 3 }),
      "its signer (issuer 'CN=Example', number 2a) is none of the 3 who are trusted",
      '/etc/verity.d',
    ],
    [
      signature({ kind: 'untrusted', issuer: 'CN=Example', serial: '2a', certificates: 0 }),
      'there is no certificate in verity.d',
    ],
    [signature({ kind: 'unchecked', reason: { kind: 'switched-off' } }), 'is switched off'],
    [
      signature({ kind: 'unchecked', reason: { kind: 'algorithm', algorithm: '1.2.3' } }),
      'of a kind that is not checked (1.2.3)',
    ],
    [
      signature({
        kind: 'unchecked',
        reason: {
          kind: 'certificates',
          problems: [{ kind: 'no-certificate', file: '/etc/verity.d/bad.crt' }],
        },
      }),
      "not all certificates could be read ('/etc/verity.d/bad.crt')",
      'correct or remove these files',
    ],
  ],
};

const cases = Object.entries(CASES).flatMap(([kind, all]) => all.map((one) => [kind, one] as const));

test.each(cases)('%s', (_, [problem, ...says]) => {
  const said = describeImageProblem(problem);
  for (const words of says) expect(`${said.problem}; ${said.remedy}`).toContain(words);
  // Both become a part of a sentence.
  for (const text of [said.problem, said.remedy]) expect(text).toMatch(/^[^A-Z].*[^.]$/);
  expect(said.problem + said.remedy).not.toMatch(/undefined|null|\[object/);
});

test.each(cases)('%s is harmless on a terminal', (_, [problem]) => {
  // Words of ours and UUIDs as the readers write them.
  const ours = [
    'kind',
    'role',
    'hierarchy',
    'where',
    'which',
    'problem',
    'designator',
    'architecture',
    'program',
  ];
  const words = [...ours, 'uuid', 'type', 'algorithm', 'attribute', 'policy', 'required', 'wanted', 'found'];
  const trusted = problem.kind === 'sidecar' ? words : words.filter((word) => word !== 'problem');
  const said = describeImageProblem(hostileBut(problem, trusted));
  expect(said.problem + said.remedy).not.toMatch(DANGEROUS);
});

/** An error keeps its class. */
function hostileBut(problem: ImageProblem, trusted: readonly string[]): ImageProblem {
  const hostile = makeHostile(problem, trusted);
  if (hostile.kind !== 'part' || hostile.problem.kind !== 'wrong-key') return hostile;
  const { result } = failed;
  const cause = new CommandFailedError(makeHostile(result, []));
  return { ...hostile, problem: { ...hostile.problem, cause } };
}
