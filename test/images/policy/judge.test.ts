import type { Designator } from '../../../src/images/policy/designator.js';
import { bareImage, type ImageFacts, type PartitionFacts } from '../../../src/images/policy/facts.js';
import { judgeImage } from '../../../src/images/policy/judge.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';

const partition = (designator: Designator, more: Partial<PartitionFacts> = {}): PartitionFacts => ({
  designator,
  fileSystem: designator === 'root' || designator === 'usr' ? 'squashfs' : null,
  encryption: 'none',
  readOnly: false,
  growFileSystem: false,
  ...more,
});

const disk = (...partitions: (Designator | PartitionFacts)[]): ImageFacts => ({
  layout: 'partition-table',
  partitions: partitions.map((part) => (typeof part === 'string' ? partition(part) : part)),
  sidecar: null,
});

const beside = (signature: boolean) =>
  bareImage('squashfs', { designator: 'root', hashTree: true, signature });

const BARE = bareImage('squashfs');
const PLAIN = disk('root');
const VERITY = disk('root', 'root-verity');
const SIGNED = disk('root', 'root-verity', 'root-verity-sig');
const LUKS = disk(partition('root', { encryption: 'luks', fileSystem: null }));

/** What a test says of a verdict, in a few words. */
function judge(policy: string, image: ImageFacts): string {
  const verdict = judgeImage(parseImagePolicy(policy), image);
  if (verdict.kind === 'accepted') {
    return verdict.partitions
      .map((found) =>
        found.kind === 'use'
          ? `${found.designator} ${found.allowed.join('+')} ${found.required}`
          : `${found.designator} ignored`,
      )
      .filter((text) => !/^\w+-verity/.test(text))
      .join(', ');
  }
  const { kind, ...rest } = verdict.refusal;
  return `${kind} ${JSON.stringify(rest)}`;
}

test.each<[string, ImageFacts, string]>([
  ['root=signed', SIGNED, 'root signed signature-must-verify'],
  ['root=signed+unprotected', SIGNED, 'root signed+unprotected signature-must-verify'],
  ['root=verity+signed', SIGNED, 'root verity+signed signature-or-verity'],
  ['root=verity', SIGNED, 'root verity verity-must-verify'],
  ['root=verity+unprotected', SIGNED, 'root verity+unprotected verity-must-verify'],
  ['root=unprotected', SIGNED, 'root unprotected none'],
  ['root=verity', VERITY, 'root verity verity-must-verify'],
  ['root=verity+signed+absent', VERITY, 'root verity verity-must-verify'],
  ['root=signed+unprotected+absent', VERITY, 'root unprotected none'],
  ['root=unprotected', PLAIN, 'root unprotected none'],
  ['root=encrypted', LUKS, 'root encrypted none'],
  ['root=open', PLAIN, 'root unprotected none'],
  ['root=unprotected', disk('root', 'home'), 'root unprotected none, home ignored'],
  ['root=unprotected:home=encrypted+unused', disk('root', 'home'), 'root unprotected none, home ignored'],
  ['=unprotected+absent', disk('usr'), 'usr unprotected none'],
  ['root=unprotected', BARE, 'root unprotected none'],
  // Nothing is asked of a bare file system that only a partition table can have.
  ['root=verity+unprotected:usr=signed', BARE, 'root unprotected none'],
  ['root=verity', beside(false), 'root verity verity-must-verify'],
  ['root=verity+signed', beside(true), 'root signed signature-or-verity'],
  ['root=signed', beside(true), 'root signed signature-must-verify'],
])('%s uses', (policy, image, said) => {
  expect(judge(policy, image)).toBe(said);
});

test.each<[string, ImageFacts, string]>([
  ['~', PLAIN, 'not-allowed {"designator":"root"}'],
  ['root=unprotected:=absent', VERITY, 'not-allowed {"designator":"root-verity"}'],
  ['root=verity:=absent', SIGNED, 'not-allowed {"designator":"root-verity-sig"}'],
  ['usr=verity', SIGNED, 'missing {"designator":"usr","wanted":["verity"],"because":null}'],
  // Without "absent" both are needed.
  [
    'root=verity+signed',
    VERITY,
    'missing {"designator":"root-verity-sig","wanted":["unprotected"],"because":"root"}',
  ],
  [
    'root=verity+unprotected',
    PLAIN,
    'missing {"designator":"root-verity","wanted":["unprotected"],"because":"root"}',
  ],
  ['root=open:srv=unused', PLAIN, 'missing {"designator":"srv","wanted":["unused"],"because":null}'],
  ['root=open:home=verity', PLAIN, 'missing {"designator":"home","wanted":[],"because":null}'],
  [
    'root=verity+absent',
    PLAIN,
    'protection {"designator":"root","found":["unprotected"],"wanted":["verity","absent"]}',
  ],
  ['root=verity', BARE, 'protection {"designator":"root","found":["unprotected"],"wanted":["verity"]}'],
  [
    'root=encrypted+unused',
    BARE,
    'protection {"designator":"root","found":["unprotected"],"wanted":["encrypted","unused"]}',
  ],
  ['root=verity', beside(true), 'protection {"designator":"root","found":["signed"],"wanted":["verity"]}'],
  [
    'root=unprotected',
    beside(false),
    'protection {"designator":"root","found":["verity"],"wanted":["unprotected"]}',
  ],
  [
    'root=encryptedwithintegrity',
    LUKS,
    'protection {"designator":"root","found":["encrypted"],"wanted":["encryptedwithintegrity"]}',
  ],
  [
    'root=unprotected+read-only-on',
    BARE,
    'attribute {"designator":"root","attribute":"read-only","wanted":true}',
  ],
  [
    'root=growfs-off',
    disk(partition('root', { growFileSystem: true })),
    'attribute {"designator":"root","attribute":"growfs","wanted":false}',
  ],
  ['root=ext4', BARE, 'file-system {"designator":"root","found":"squashfs","wanted":["ext4"]}'],
  ['root=ext4+erofs', BARE, 'file-system {"designator":"root","found":"squashfs","wanted":["erofs","ext4"]}'],
  ['root=ignore:root-verity=', VERITY, 'unpaired {"designator":"root-verity","without":"root"}'],
  ['root=:root-verity=ignore', SIGNED, 'unpaired {"designator":"root-verity-sig","without":"root-verity"}'],
  ['-', SIGNED, 'nothing-left {"ignored":["root"]}'],
  ['usr=unprotected', BARE, 'nothing-left {"ignored":["root"]}'],
  ['*', disk('home'), 'nothing-left {"ignored":[]}'],
])('%s refuses', (policy, image, said) => {
  expect(judge(policy, image)).toBe(said);
});

test('a partition must have what is wanted, and not two halves of it', () => {
  // It could be encrypted as long as nobody has looked into it; then it could have verity.
  expect(judge('root=verity+encrypted+absent', PLAIN)).toMatch(/^protection/);
});

test('of what is encrypted the file system is not known', () => {
  expect(judge('root=encrypted+ext4', LUKS)).toBe('root encrypted none');
  expect(judgeImage(parseImagePolicy('root=encrypted+ext4'), LUKS)).toMatchObject({
    partitions: [{ fileSystems: ['ext4'] }],
  });
});

test('attributes of what is not used do not count', () => {
  expect(judge('root=open:home=ignore+read-only-on', disk('root', 'home'))).toMatch(/home ignored$/);
});

test('a signature beside an image with partitions counts with its hash tree only', () => {
  const sidecar = { designator: 'root', hashTree: false, signature: true } as const;
  expect(judge('root=signed+absent', { ...VERITY, sidecar })).toBe('root signed signature-must-verify');
  expect(judge('root=signed+absent', { ...PLAIN, sidecar })).toMatch(/^protection/);
});
