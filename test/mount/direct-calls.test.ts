import { directCallsOf } from '../../src/mount/direct-calls.js';
import { commands } from '../../src/mount/mount-command.js';

const [RDONLY, NODEV, BIND, REC, PRIVATE] = [1, 4, 1 << 12, 1 << 14, 1 << 18];

test.each([
  [
    'a tmpfs, private',
    commands.tmpfs('/w'),
    [
      { source: 'sysext', target: '/w', type: 'tmpfs', flags: 2 | NODEV, data: 'mode=0700' },
      { source: 'none', target: '/w', type: null, flags: PRIVATE, data: null },
    ],
  ],
  [
    'an overlay',
    commands.overlay('/o', 'sysext', 'ro,nodev,lowerdir=/m:/a'),
    [{ source: 'sysext', target: '/o', type: 'overlay', flags: RDONLY | NODEV, data: 'lowerdir=/m:/a' }],
  ],
  [
    'a writable overlay',
    commands.overlay('/o', 'sysext', 'noatime,lowerdir=/m,upperdir=/u,workdir=/w,index=off'),
    [
      {
        source: 'sysext',
        target: '/o',
        type: 'overlay',
        flags: 1 << 10,
        data: 'lowerdir=/m,upperdir=/u,workdir=/w,index=off',
      },
    ],
  ],
  [
    'all that is mounted somewhere, once more',
    commands.bindTree('/a', '/b'),
    [{ source: '/a', target: '/b', type: null, flags: BIND | REC, data: null }],
  ],
  [
    'the same, private',
    commands.copyTree('/a', '/b'),
    [
      { source: '/a', target: '/b', type: null, flags: BIND | REC, data: null },
      { source: 'none', target: '/b', type: null, flags: PRIVATE | REC, data: null },
    ],
  ],
  [
    'a directory without what is mounted in it',
    commands.copyDirectory('/a', '/b'),
    [
      { source: '/a', target: '/b', type: null, flags: BIND, data: null },
      { source: 'none', target: '/b', type: null, flags: PRIVATE, data: null },
    ],
  ],
])('%s', (_, command, wanted) => {
  const calls = directCallsOf(command);
  expect(calls).toEqual(
    wanted.map((call) => ({ kind: 'mount', ...call, otherwise: expect.anything() as unknown })),
  );
  expect(calls?.[0]?.otherwise).toEqual(command);
});

test('what is left of several calls is a command line of the same program', () => {
  expect(directCallsOf(commands.copyTree('/a', '/b'))?.[1]?.otherwise).toEqual(commands.makePrivate('/b'));
  expect(directCallsOf(commands.detach('/a', '/b', '/c'))?.map(({ otherwise }) => otherwise)).toEqual([
    commands.detach('/a', '/b', '/c'),
    commands.detach('/b', '/c'),
    commands.detach('/c'),
  ]);
});

test.each([
  ['a table of images', commands.table('/t')],
  ['an image, which needs a loop device', commands.fileSystem('ext4', 'loop,ro', '/i', '/m')],
  ['a bind mount that becomes read-only', commands.bindReadOnly('/m', ['nodev'])],
  ['a mount that is moved', commands.move('/a', '/b')],
  ['a mount that is moved beneath', commands.moveBeneath('/a', '/b')],
  ['a descriptor', [...commands.detachDescriptor]],
  ['an option that is not known', commands.overlay('/o', 'sysext', 'ro,lowerdir=/a:/b,userxattr')],
  ['a path with a quote', commands.overlay('/o', 'sysext', 'ro,lowerdir=/a"b:/c')],
  ['a path with a backslash', commands.overlay('/o', 'sysext', 'ro,lowerdir=/a\\:b:/c')],
  ['a name in the working directory', commands.overlay('/o', 'sysext', 'ro,lowerdir=0:1')],
  ['one behind a path', commands.overlay('/o', 'sysext', 'ro,lowerdir=/a:1')],
  ['a relative path', commands.bindTree('/a', 'b')],
  ['another program', ['losetup', '--detach', '/dev/loop0']],
])('left to the program: %s', (_, command) => {
  expect(directCallsOf(command)).toBeNull();
});
