import { confext, DEBIAN, extension, HOST, sysextTree } from '../support/fixtures.js';
import { below, directory, file, symlink, type Tree } from '../support/tree.js';
import { erofs, ext4, missingImageTools, squashfs } from './images.js';
import { differential } from './suite.js';

const VAR = 'var/lib/extensions';

/** The tree of an extension that says in what kind of image it is. */
const content = (name: string, text: string, release = 'ID=_any\n'): Tree =>
  sysextTree(name, { release, files: { [`usr/share/${name}`]: text, [`opt/${name}`]: text } });

const A = squashfs(content('a', 'squashfs'));

/** Mounts of images need loop devices, and the tools of the file systems. */
const IMAGES = { images: true, since: 254 } as const;

const missing = missingImageTools();
if (missing !== null) {
  test.skip(`disk images: ${missing}`, () => {});
} else {
  differential('disk images', [
    {
      ...IMAGES,
      name: 'squashfs, erofs and ext4',
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: A,
        [`${VAR}/b.raw`]: erofs(content('b', 'erofs')),
        [`${VAR}/c.raw`]: ext4(content('c', 'ext4')),
      },
      calls: ['list', 'merge', 'merge', { args: 'status', differs: ['since-below-root'] }, 'refresh'],
    },
    {
      ...IMAGES,
      name: 'an image and a directory, and the order',
      tree: {
        ...HOST,
        [`${VAR}/app_10.raw`]: squashfs(sysextTree('app_10', { files: { 'usr/bin/same': '10' } })),
        ...extension('app_9', { files: { 'usr/bin/same': '9' } }),
      },
      calls: [
        'list',
        { args: 'merge', says: ["Using extensions 'app_9', 'app_10.raw'."] },
        'refresh --always-refresh=yes',
      ],
      since: 262,
    },
    {
      ...IMAGES,
      name: 'suffixes',
      since: 258,
      tree: {
        ...HOST,
        [`${VAR}/a.sysext.raw`]: A,
        [`${VAR}/b.confext.raw`]: squashfs(content('b.confext', 'b')),
        [`${VAR}/c.img`]: A,
        [`${VAR}/d`]: A,
        [`${VAR}/e.raw.raw`]: squashfs(content('e.raw', 'e')),
      },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'an image hides an image and a directory, and is hidden',
      tree: {
        ...HOST,
        'etc/extensions/a.raw': A,
        [`${VAR}/a.raw`]: squashfs(content('a', 'hidden')),
        'run/extensions/b.raw': squashfs(content('b', 'b')),
        ...extension('b'),
        ...extension('c', { in: 'etc/extensions' }),
        [`${VAR}/c.raw`]: squashfs(content('c', 'hidden')),
        'etc/extensions/d': directory(),
        [`${VAR}/d.raw`]: squashfs(content('d', 'masked')),
      },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'a symlink to an image',
      since: 258,
      tree: {
        ...HOST,
        [`${VAR}/a.raw`]: symlink('/srv/images/a-1.0.img'),
        'srv/images/a-1.0.img': A,
        [`${VAR}/b.raw`]: symlink('../../../srv/images/b.raw'),
        'srv/images/b.raw': squashfs(content('b', 'b')),
        [`${VAR}/c.raw`]: symlink('/srv/gone.raw'),
      },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'a versioned directory of images',
      since: 258,
      tree: {
        ...HOST,
        [`${VAR}/a.raw.v/a_1.raw`]: squashfs(content('a', '1')),
        [`${VAR}/a.raw.v/a_1.10.raw`]: squashfs(content('a', '1.10')),
        [`${VAR}/a.raw.v/a_2+0-3.raw`]: squashfs(content('a', 'used up')),
        [`${VAR}/a.raw.v/a_3`]: squashfs(content('a', 'no suffix')),
        ...below(`${VAR}/a.raw.v/a_4.raw`, content('a', 'a directory')),
        [`${VAR}/b.sysext.raw.v/b_1.sysext.raw`]: squashfs(content('b', 'b')),
      },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'which fit',
      tree: {
        ...HOST,
        [`${VAR}/fits.raw`]: squashfs(content('fits', 'x', DEBIAN)),
        [`${VAR}/fits-not.raw`]: squashfs(content('fits-not', 'x', 'ID=other\n')),
        [`${VAR}/version_1.2.raw`]: squashfs(content('version', 'x', DEBIAN)),
        [`${VAR}/not-strict.raw`]: squashfs({
          'usr/share/y': 'y',
          'usr/lib/extension-release.d/extension-release.other': file(DEBIAN, {
            xattrs: { 'user.extension-release.strict': 'false' },
          }),
        }),
      },
      calls: ['merge', 'unmerge', 'merge --force'],
    },
    {
      ...IMAGES,
      name: 'an image without release file',
      since: 258,
      tree: { ...HOST, [`${VAR}/a.raw`]: squashfs({ 'usr/share/a': 'a' }), ...extension('b') },
      calls: [
        { args: 'merge', differs: ['image-without-release'], expects: { status: '0', metadata: '"b\\n"' } },
        'unmerge',
        { args: 'merge --force', differs: ['image-without-release'], expects: { metadata: '"a\\nb\\n"' } },
        'unmerge',
      ],
    },
    {
      ...IMAGES,
      name: 'an empty image',
      tree: { ...HOST, [`${VAR}/a.raw`]: '', ...extension('b') },
      calls: ['list', 'merge', 'merge --force'],
    },
    {
      ...IMAGES,
      name: 'an image of garbage',
      tree: { ...HOST, [`${VAR}/a.raw`]: file(Buffer.alloc(70_000, 'garbage ')), ...extension('b') },
      calls: ['list', 'merge', 'merge --force'],
    },
    {
      ...IMAGES,
      name: 'a truncated image',
      tree: { ...HOST, [`${VAR}/a.raw`]: file(() => truncated()), ...extension('b') },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'garbage masked by an empty directory',
      tree: { ...HOST, [`${VAR}/a.raw`]: 'garbage', 'etc/extensions/a': directory(), ...extension('b') },
      calls: ['list', 'merge'],
    },
    {
      ...IMAGES,
      name: 'an image is replaced',
      tree: { ...HOST, [`${VAR}/a.raw`]: A },
      calls: [
        'merge',
        {
          args: 'refresh',
          before: { remove: [`${VAR}/a.raw`], add: { [`${VAR}/a.raw`]: squashfs(content('a', 'new')) } },
        },
      ],
    },
    {
      ...IMAGES,
      name: 'an image is removed while it is merged',
      tree: { ...HOST, [`${VAR}/a.raw`]: A, ...extension('b') },
      calls: ['merge', { args: 'refresh', before: { remove: [`${VAR}/a.raw`] } }],
    },
    {
      ...IMAGES,
      name: 'a configuration extension',
      class: 'confext',
      tree: {
        'usr/lib/os-release': DEBIAN,
        'etc/host': 'h',
        'var/lib/confexts/a.raw': squashfs({
          'etc/extension-release.d/extension-release.a': DEBIAN,
          'etc/a.conf': 'a',
        }),
        ...confext('b'),
      },
      calls: ['list', 'merge'],
    },
  ]);
}

/** The head of an image that says it is larger. */
function truncated(): Buffer {
  const whole = (A as { content: () => Buffer }).content();
  return whole.subarray(0, 200);
}
