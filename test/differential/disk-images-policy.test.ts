import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../support/debian.js';
import { confext, DEBIAN, HOST } from '../support/fixtures.js';
import { DDI_TOOLS, findRepart, makeDdi, makeKey, NO_REPART } from '../support/make-ddi.js';
import { below, buildTree, type Entry, file, type Tree } from '../support/tree.js';
import {
  content,
  DISKS,
  disk,
  foreign,
  missingDiskTools,
  native,
  OTHER,
  rootPart,
  usrPart,
} from './disks.js';
import { squashfs } from './images.js';
import type { DifferenceId } from './intended-differences.js';
import type { Call, Scenario } from './scenario.js';
import { differential } from './suite.js';

const VAR = 'var/lib/extensions';

/** `merge` under each policy, and what that must come to; `unmerge` after those that are merged. */
function under(
  policies: Readonly<Record<string, 'used' | 'refused'>>,
  differs: readonly DifferenceId[] = [],
): Call[] {
  return Object.entries(policies).flatMap(([policy, outcome]): Call[] => {
    const args = ['merge', `--image-policy=${policy}`];
    return outcome === 'used'
      ? [{ args, differs, expects: { status: '0', mounts: '/usr overlay' } }, { args: 'unmerge' }]
      : [{ args, differs, expects: { status: '1', mounts: /^$/ } }];
  });
}

const withImage = (image: Entry, more: Tree = {}): Tree => ({ ...HOST, [`${VAR}/a.raw`]: image, ...more });

/** `ImagePolicy=` in the file that the machine's owner writes. */
const setting = (value: string): Tree => ({ 'etc/systemd/sysext.conf': `[SysExt]\nImagePolicy=${value}\n` });

const SCENARIOS: readonly Omit<Scenario, 'images'>[] = [
  {
    name: 'a root partition',
    tree: withImage(disk([rootPart('a')])),
    calls: under({
      'root=unprotected': 'used',
      'root=unprotected+absent:usr=unprotected+absent': 'used',
      'root=verity+unprotected': 'refused',
      '*': 'used',
      '=unprotected+absent': 'used',
      'root=signed': 'refused',
      'root=verity+signed': 'refused',
      'root=absent': 'refused',
      'root=unused+absent:usr=unprotected': 'refused',
      'root=encrypted': 'refused',
      'usr=unprotected': 'refused',
      '~': 'refused',
      '-': 'refused',
      '': 'refused',
    }),
  },
  {
    name: 'file systems and attributes of a root partition',
    since: 258,
    tree: withImage(disk([rootPart('a', 'root', { attributes: 'GUID:60' })])),
    calls: under({
      'root=unprotected+squashfs': 'used',
      'root=unprotected+erofs+squashfs': 'used',
      'root=squashfs': 'used',
      'root=unprotected+read-only-on': 'used',
      'root=unprotected+growfs-off': 'used',
      'root=unprotected+read-only-on+read-only-off': 'used',
      'root=unprotected+read-only-off': 'refused',
      'root=unprotected+growfs-on': 'refused',
    }).concat(under({ 'root=unprotected+erofs+ext4': 'refused' }, ['several-file-systems']), {
      args: 'unmerge',
    }),
  },
  {
    name: 'a usr partition',
    tree: withImage(disk([usrPart('a')])),
    calls: under({
      'usr=unprotected': 'used',
      'root=unprotected+absent:usr=unprotected': 'used',
      'root=unprotected:usr=unprotected': 'refused',
      'usr=unprotected+read-only-on': 'refused',
      'root=unprotected': 'refused',
      'usr=signed': 'refused',
    }),
  },
  {
    name: 'a root and a usr partition',
    tree: withImage(disk([rootPart('a', 'root', { content: squashfs(content('a', 'root')) }), usrPart('a')])),
    calls: under({
      'root=unprotected:usr=unprotected': 'used',
      'root=unprotected': 'used',
      'root=unprotected:usr=unused+absent': 'used',
      'usr=unprotected': 'used',
      'root=unprotected:usr=absent': 'refused',
      'root=absent:usr=unprotected': 'refused',
      'root=unprotected:usr=verity': 'refused',
    }),
  },
  {
    name: 'partitions that extensions are not read from',
    tree: withImage(disk([rootPart('a'), { type: OTHER.home }, { type: OTHER.swap }, { type: OTHER.esp }])),
    calls: under({
      'root=unprotected': 'used',
      'root=unprotected:=ignore': 'used',
      'root=unprotected:home=absent': 'refused',
      'root=unprotected:swap=absent': 'refused',
      'root=unprotected:=absent': 'refused',
      'root=unprotected:srv=absent': 'used',
    }),
  },
  {
    name: 'a file system without partitions',
    since: 258,
    tree: withImage(squashfs(content('a', 'bare'))),
    calls: under({
      'root=unprotected': 'used',
      'root=unprotected+squashfs': 'used',
      'root=unprotected:usr=absent': 'used',
      'root=unprotected:usr=unprotected': 'used',
      'root=unprotected+erofs': 'refused',
      'root=verity': 'refused',
      'usr=unprotected': 'refused',
      'root=absent': 'refused',
    }),
  },
  {
    name: 'what is no policy',
    tree: withImage(disk([rootPart('a')])),
    calls: under({
      bogus: 'refused',
      'root=bogus': 'refused',
      'bogus=unprotected': 'refused',
      'root=unprotected:root=verity': 'refused',
      'root=unprotected:': 'refused',
    }),
  },
  {
    name: 'ImagePolicy= and --image-policy=',
    since: 258,
    tree: withImage(disk([rootPart('a')]), setting('root=signed')),
    calls: [
      { args: 'merge', expects: { status: '1' } },
      ...under({ 'root=unprotected': 'used' }),
      {
        args: 'merge',
        before: {
          add: { 'etc/systemd/sysext.conf.d/10.conf': '[SysExt]\nImagePolicy=root=unprotected\n' },
        },
        expects: { status: '0' },
      },
      'unmerge',
      ...under({ 'root=absent': 'refused' }),
    ],
  },
  {
    name: 'ImagePolicy= that is none, and is not understood in part',
    since: 258,
    tree: withImage(disk([rootPart('a')]), setting('nonsense')),
    calls: [
      'merge',
      'unmerge',
      { args: 'merge', before: { add: setting('root=signed+future') }, expects: { status: '1' } },
      { args: 'merge', before: { add: setting('root=unprotected+future:future=absent') } },
      'unmerge',
    ],
  },
  {
    name: 'configuration extensions',
    class: 'confext',
    tree: {
      'usr/lib/os-release': DEBIAN,
      'etc/host': 'h',
      'var/lib/confexts/a.raw': disk([
        {
          type: native('root'),
          content: squashfs({ 'etc/extension-release.d/extension-release.a': DEBIAN, 'etc/a.conf': 'a' }),
        },
      ]),
      ...confext('b'),
    },
    calls: [
      'list --json=short',
      'merge',
      'refresh',
      'unmerge',
      { args: ['merge', '--image-policy=root=signed'], expects: { status: '1' } },
    ],
  },
  {
    name: 'configuration extensions with a usr partition, which they have no use for',
    class: 'confext',
    tree: {
      'usr/lib/os-release': DEBIAN,
      'etc/host': 'h',
      'var/lib/confexts/a.raw': disk([usrPart('a')]),
    },
    calls: ['merge'],
  },
  {
    name: 'a usr partition beside the root partition of a configuration extension',
    class: 'confext',
    tree: {
      'usr/lib/os-release': DEBIAN,
      'etc/host': 'h',
      'var/lib/confexts/a.raw': disk([
        {
          type: native('root'),
          content: squashfs({ 'etc/extension-release.d/extension-release.a': DEBIAN, 'etc/a.conf': 'a' }),
        },
        usrPart('a'),
      ]),
    },
    calls: ['merge'],
  },
];

const missing = missingDiskTools();
if (missing !== null) {
  test.skip(`image policies: ${missing}`, () => {});
} else {
  differential(
    'image policies',
    SCENARIOS.map((scenario) => ({ ...DISKS, ...scenario })),
  );
}

const noDdi = missing ?? provide(DDI_TOOLS) ?? (findRepart() === null ? NO_REPART : null);
if (noDdi !== null) {
  test.skip(`images with a hash tree: ${noDdi}`, () => {});
} else {
  const [verity, signed] = [ddi(false), ddi(true)];
  const merged = { status: '0', tree: '"opt/a" "ddi"' };
  const byDefault: Call = { args: 'merge', differs: ['verity-without-device-mapper'], expects: merged };
  differential('images with a hash tree', [
    {
      ...DISKS,
      name: 'of systemd-repart',
      since: 258,
      tree: withImage(verity),
      calls: [
        'list --json=short',
        byDefault,
        'unmerge',
        ...under(
          {
            'root=unprotected': 'used',
            'root=unprotected:root-verity=unprotected': 'used',
            'root=unprotected:root-verity=unused': 'used',
          },
          ['verity-without-device-mapper'],
        ),
        ...under({
          'root=unprotected:root-verity=absent': 'refused',
          'root=signed': 'refused',
          'root=unused+absent': 'refused',
        }),
      ],
    },
    {
      ...DISKS,
      name: 'and a signature',
      since: 258,
      tree: withImage(signed),
      calls: [
        byDefault,
        'unmerge',
        ...under({ 'root=unprotected': 'used' }, ['verity-without-device-mapper']),
        ...under({
          'root=unprotected:root-verity-sig=absent': 'refused',
          // Nobody trusts it.
          'root=signed': 'refused',
          'root=unprotected:root-verity=absent:root-verity-sig=unprotected': 'refused',
        }),
      ],
    },
    {
      ...DISKS,
      name: 'for another machine',
      tree: withImage(
        disk([rootPart('a'), { type: foreign('root', 'verity') }, { type: foreign('root', 'signature') }]),
      ),
      calls: [{ args: 'merge', differs: ['foreign-partition'], expects: { status: '0' } }, 'unmerge'],
    },
  ]);
}

/** The same bytes each time. */
function ddi(isSigned: boolean): Entry {
  let made: Buffer | undefined;
  return file(() => {
    made ??= make(isSigned);
    return made;
  });
}

function make(isSigned: boolean): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-disk-'));
  try {
    buildTree(directory, below('tree', content('a', 'ddi')));
    const { file } = makeDdi(join(directory, 'disk'), {
      tree: join(directory, 'tree'),
      format: 'squashfs',
      verity: true,
      ...(isSigned && { key: makeKey(directory) }),
    });
    return readFileSync(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
