import { forBusybox } from '../../src/mount/busybox.js';
import { commands } from '../../src/mount/mount-command.js';
import { isBusybox } from '../../src/mount/mount-program.js';

const same = (command: readonly string[]) => [command];

test.each([
  [
    'a new file system that is private',
    commands.tmpfs('/a b'),
    [
      ['mount', '-n', '-i', '-t', 'tmpfs', '-o', 'mode=0700,nosuid,nodev', 'sysext', '/a b'],
      ['mount', '-n', '-i', '--make-private', '/a b'],
    ],
  ],
  [
    'a private copy of mounts',
    commands.copyTree('/a', '/b'),
    [
      ['mount', '-n', '-i', '-o', 'rbind', '/a', '/b'],
      ['mount', '-n', '-i', '--make-rprivate', '/b'],
    ],
  ],
  [
    'a private copy of a directory',
    commands.copyDirectory('/a', '/b'),
    [
      ['mount', '-n', '-i', '-o', 'bind', '/a', '/b'],
      ['mount', '-n', '-i', '--make-private', '/b'],
    ],
  ],
  [
    'a directory that becomes read-only',
    commands.bindReadOnly('/a', ['nodev', 'noexec']),
    [
      ['mount', '-n', '-i', '-o', 'bind', '/a', '/a'],
      ['mount', '-n', '-i', '-o', 'remount,bind,ro,nodev,noexec', '/a', '/a'],
    ],
  ],
  ['making private what is there', commands.makePrivate('/a'), same(commands.makePrivate('/a'))],
  ['a bind', commands.bindDirectory('/a', '/b'), same(commands.bindDirectory('/a', '/b'))],
  ['a bind of all', commands.bindTree('/a', '/b'), same(commands.bindTree('/a', '/b'))],
  ['a move', commands.move('/a', '/b'), same(commands.move('/a', '/b'))],
  [
    'an overlay',
    commands.overlay('/a', 's', 'ro,lowerdir=x:y'),
    same(commands.overlay('/a', 's', 'ro,lowerdir=x:y')),
  ],
  ['unmounting', commands.detach('/a', '/b'), same(commands.detach('/a', '/b'))],
])('%s', (_, command, wanted) => {
  expect(forBusybox(command)).toEqual(wanted);
});

test('it is known by its help', () => {
  expect(isBusybox('BusyBox v1.35.0 (Debian 1:1.35.0-4) multi-call binary.\n')).toBe(true);
  expect(isBusybox('\nUsage:\n mount [-lhV]\n')).toBe(false);
});
