import { extension, HOST } from '../support/fixtures.js';
import { directory, file, type Tree } from '../support/tree.js';
import {
  content,
  DISKS,
  disk,
  foreign,
  missingDiskTools,
  native,
  OTHER,
  rootPart,
  usrContent,
  usrPart,
} from './disks.js';
import { erofs, ext4, squashfs } from './images.js';
import { differential } from './suite.js';

const VAR = 'var/lib/extensions';
const MiB = 1024 * 1024;

/** Trees with `usr` for a usr partition to be mounted on. */
const withoutUsr = { 'opt/x': 'root' };
const LISTED = ['list --json=pretty', 'merge'] as const;

/** An image alone beside an extension that is all right, for one call. */
const alone = (image: Tree[string]): Tree => ({ ...HOST, ...extension('good'), [`${VAR}/a.raw`]: image });

const missing = missingDiskTools();
if (missing !== null) {
  test.skip(`disk images with partitions: ${missing}`, () => {});
} else {
  differential('disk images with partitions', [
    {
      ...DISKS,
      name: 'squashfs, erofs and ext4 in a root partition',
      since: 258,
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([rootPart('a')]),
        [`${VAR}/b.raw`]: disk([rootPart('b', 'erofs', { content: erofs(content('b', 'erofs')) })]),
        [`${VAR}/c.raw`]: disk([
          rootPart('c', 'ext4', { content: ext4(content('c', 'ext4')), size: 3 * MiB }),
        ]),
      },
      calls: [
        ...LISTED,
        { args: 'status --json=pretty', differs: ['since-below-root'] },
        'refresh',
        'refresh --always-refresh=yes',
      ],
    },
    {
      ...DISKS,
      name: 'squashfs, erofs and ext4 in a usr partition',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([usrPart('a')]),
        [`${VAR}/b.raw`]: disk([usrPart('b', 'erofs', { content: erofs(usrContent('b', 'erofs')) })]),
        [`${VAR}/c.raw`]: disk([
          usrPart('c', 'ext4', { content: ext4(usrContent('c', 'ext4')), size: 3 * MiB }),
        ]),
      },
      calls: [...LISTED, 'refresh'],
    },
    {
      ...DISKS,
      name: 'a root and a usr partition, in either order, and one with files below the other',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([
          rootPart('a', '', { content: squashfs({ ...withoutUsr, usr: directory() }) }),
          usrPart('a'),
        ]),
        [`${VAR}/b.raw`]: disk([
          usrPart('b'),
          rootPart('b', '', { content: squashfs({ 'opt/b': 'root', usr: directory() }) }),
        ]),
        [`${VAR}/c.raw`]: disk([rootPart('c', 'covered'), usrPart('c', 'covers')]),
      },
      calls: [...LISTED, 'refresh'],
    },
    {
      ...DISKS,
      name: 'a partition for any Linux data, alone and beside another',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([rootPart('a', 'generic', { type: OTHER.generic })]),
        [`${VAR}/b.raw`]: disk([rootPart('b', 'generic', { type: OTHER.generic }), rootPart('b')]),
        [`${VAR}/c.raw`]: disk([usrPart('c'), rootPart('c', 'generic', { type: OTHER.generic })]),
        [`${VAR}/d.raw`]: disk([
          rootPart('d', 'generic', { type: OTHER.generic }),
          { type: OTHER.swap },
          { type: OTHER.esp },
        ]),
      },
      calls: [...LISTED],
    },
    {
      ...DISKS,
      name: 'labels with versions, of which the newest counts',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([
          rootPart('a', '1.9', { label: 'a_1.9' }),
          rootPart('a', '1.10', { label: 'a_1.10' }),
          rootPart('a', '1.2', { label: 'a_1.2' }),
        ]),
        [`${VAR}/b.raw`]: disk([
          rootPart('b', 'first', { label: 'same' }),
          rootPart('b', 'second', { label: 'same' }),
        ]),
        [`${VAR}/c.raw`]: disk([rootPart('c', 'without'), rootPart('c', 'with', { label: 'with' })]),
        [`${VAR}/d.raw`]: disk([
          usrPart('d', '2', { label: 'd_2' }),
          usrPart('d', '10~rc1', { label: 'd_10~rc1' }),
          usrPart('d', '10', { label: 'd_10' }),
        ]),
        [`${VAR}/e.raw`]: disk([rootPart('e', 'other', { label: 'z' }), rootPart('e', 'é', { label: 'é' })]),
      },
      calls: [...LISTED],
    },
    {
      ...DISKS,
      name: 'empty slots, and partitions that are not to be used by themselves',
      since: 258,
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([
          rootPart('a', 'empty', { label: '_empty' }),
          rootPart('a', 'full', { label: 'a_1' }),
        ]),
        [`${VAR}/b.raw`]: disk([
          rootPart('b', 'no-auto', { label: 'b_2', attributes: 'GUID:63' }),
          rootPart('b', 'auto', { label: 'b_1' }),
        ]),
        [`${VAR}/c.raw`]: disk([rootPart('c', 'no-auto', { attributes: 'GUID:63' }), usrPart('c')]),
        [`${VAR}/d.raw`]: disk([rootPart('d', 'attributes', { attributes: 'RequiredPartition GUID:59,60' })]),
      },
      calls: [...LISTED],
    },
    {
      ...DISKS,
      name: 'partitions for other machines, and of other types, beside one for this',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([
          rootPart('a', 'foreign', { type: foreign('root') }),
          rootPart('a', 'native'),
        ]),
        [`${VAR}/c.raw`]: disk([
          { type: OTHER.esp },
          { type: OTHER.swap },
          { type: OTHER.home },
          { type: OTHER.unknown },
          rootPart('c', 'native'),
          { type: OTHER.srv },
          { type: OTHER.var },
          { type: OTHER.tmp },
          { type: OTHER.xbootldr },
        ]),
        [`${VAR}/d.raw`]: disk([
          { type: OTHER.home, content: squashfs({ x: 'home' }), label: 'home' },
          usrPart('d'),
          { type: OTHER.srv, content: squashfs({ x: 'srv' }) },
        ]),
      },
      calls: [...LISTED],
    },
    {
      ...DISKS,
      name: 'a usr partition for another machine beside a root partition for this',
      tree: {
        ...HOST,
        [`${VAR}/b.raw`]: disk([rootPart('b', 'native'), usrPart('b', 'foreign', { type: foreign('usr') })]),
      },
      calls: [
        'list',
        { args: 'merge', differs: ['foreign-partition'], expects: { metadata: '"b\\n"' } },
        'unmerge',
      ],
    },
    {
      ...DISKS,
      name: 'a root partition for another machine alone',
      tree: alone(disk([rootPart('a', 'foreign', { type: foreign('root') })])),
      calls: [
        'list',
        { args: 'merge', differs: ['foreign-partition'], expects: { status: '1', mounts: /^$/ } },
        'unmerge',
      ],
    },
    {
      ...DISKS,
      name: 'a root partition that is just being written, alone and beside another',
      tree: alone(
        disk([
          rootPart('a', 'old', { label: 'A_1' }),
          rootPart('a', 'half', { label: 'PRT#a_2' }),
          rootPart('a', 'whole', { label: 'PND#a_3' }),
        ]),
      ),
      calls: [
        { args: 'merge', differs: ['unfinished-partition'], expects: { tree: '"opt/a" "old"' } },
        'unmerge',
        {
          args: 'merge',
          before: {
            remove: [`${VAR}/a.raw`],
            add: { [`${VAR}/a.raw`]: disk([rootPart('a', 'half', { label: 'PRT#a_1' })]) },
          },
          differs: ['unfinished-partition'],
          expects: { status: '1' },
        },
        'unmerge',
      ],
    },
    {
      ...DISKS,
      name: 'a release file for another system, and a name that fits none',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: disk([
          rootPart('a', 'other', { content: squashfs(content('a', 'other', 'ID=other\n')) }),
        ]),
        [`${VAR}/b.raw`]: disk([rootPart('b')]),
        [`${VAR}/c_1.raw`]: disk([rootPart('c')]),
      },
      calls: ['merge', 'unmerge', 'merge --force'],
    },
    {
      ...DISKS,
      name: 'a versioned directory, and an image in a later directory',
      tree: {
        ...HOST,
        [`${VAR}/a.raw.v/a_1.9.raw`]: disk([rootPart('a', '1.9')]),
        [`${VAR}/a.raw.v/a_1.10.raw`]: disk([rootPart('a', '1.10')]),
        'etc/extensions/b.raw': disk([rootPart('b', 'etc')]),
        [`${VAR}/b.raw`]: disk([rootPart('b', 'var')]),
      },
      calls: [...LISTED],
    },
    {
      ...DISKS,
      name: 'an image is replaced by one with other partitions',
      tree: { ...HOST, [`${VAR}/a.raw`]: disk([rootPart('a', 'old')]) },
      calls: [
        'merge',
        {
          args: 'refresh',
          before: { remove: [`${VAR}/a.raw`], add: { [`${VAR}/a.raw`]: disk([usrPart('a', 'new')]) } },
        },
        { args: 'refresh', before: { remove: [`${VAR}/a.raw`] } },
      ],
    },
    ...(
      [
        ['nothing', disk([])],
        [
          'swap space, a home partition and one of unknown type',
          disk([
            { type: OTHER.swap },
            { type: OTHER.home, content: squashfs({ x: 'x' }) },
            { type: OTHER.unknown, content: squashfs(content('a', 'unknown')) },
          ]),
        ],
        ['an empty slot', disk([rootPart('a', 'empty', { label: '_empty' })])],
        [
          'a partition that is not to be used by itself',
          disk([rootPart('a', '', { attributes: 'GUID:63' })]),
        ],
        ['a root partition with zeros in it', disk([{ type: native('root') }])],
        ['a root partition with text in it', disk([{ type: native('root'), content: 'text' }])],
        [
          'a root partition with the head of a file system in it',
          disk([{ type: native('root'), content: file(() => head(squashfs(content('a', 'a')))) }]),
        ],
        [
          'two partitions for any Linux data',
          disk([rootPart('a', '1', { type: OTHER.generic }), rootPart('a', '2', { type: OTHER.generic })]),
        ],
        ['a hash tree without data', disk([{ type: native('root', 'verity') }])],
        [
          'a root partition, and the hash tree of a usr partition',
          disk([rootPart('a'), { type: native('usr', 'verity') }]),
        ],
        ['a signature without hash tree', disk([rootPart('a'), { type: native('root', 'signature') }])],
        [
          'a usr partition that the root partition has no place for',
          disk([rootPart('a', '', { content: squashfs(withoutUsr) }), usrPart('a')]),
        ],
        [
          'an os-release',
          disk([
            rootPart('a', '', { content: squashfs({ 'usr/lib/os-release': 'ID=x\n', ...content('a', '') }) }),
          ]),
        ],
      ] as const
    ).map(([name, image]) => ({
      ...DISKS,
      ...(name === 'an empty slot' ? { since: 258 } : {}),
      name: `a disk with ${name}`,
      tree: alone(image),
      calls: ['merge', 'merge --force'],
    })),
  ]);
}

/** The superblock of an image and little more. */
function head(entry: Tree[string]): Buffer {
  return (entry as { content: () => Buffer }).content().subarray(0, 200);
}
