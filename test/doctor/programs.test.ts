import { installCommand } from '../../src/doctor/packages.js';
import { readVersion } from '../../src/doctor/programs.js';

test.each([
  ['mount', 'mount from util-linux 2.38.1 (libmount 2.38.1: selinux, btrfs)\n', 'there', '2.38.1'],
  ['veritysetup', 'veritysetup 2.6.1 flags: UDEV BLKID\n', 'there', '2.6.1'],
  ['chcon', 'chcon (GNU coreutils) 9.1\n', 'there', '9.1'],
  ['getfattr', 'something else', 'there', null],
  ['mount', 'proc on /proc type proc (rw)\n', 'other', null],
  ['umount', "unrecognized option '--version'\nBusyBox v1.35.0 (Debian) binary.\n", 'busybox', '1.35.0'],
  ['flock', 'flock: applet not found\n', 'other', null],
] as const)('%s: %j', (program, said, state, version) => {
  expect(readVersion(program, said)).toEqual({ state, version });
});

test.each([
  [['debian'], 'mount', 'apt-get install mount'],
  [['linuxmint', 'ubuntu', 'debian'], 'flock', 'apt-get install util-linux'],
  [['debian'], 'cryptsetup', 'apt-get install cryptsetup-bin'],
  [['rocky', 'rhel', 'centos', 'fedora'], 'veritysetup', 'dnf install veritysetup'],
  [['opensuse-tumbleweed', 'opensuse', 'suse'], 'getfattr', 'zypper install attr'],
  [['alpine'], 'losetup', 'apk add util-linux'],
  [['manjaro', 'arch'], 'veritysetup', 'pacman -S cryptsetup'],
] as const)('%j: %s', (distributions, program, command) => {
  expect(installCommand(distributions, program)).toBe(command);
});

test('of a distribution that is not known nothing is claimed', () => {
  expect(installCommand([], 'mount')).toBeNull();
  expect(installCommand(['void', 'toString'], 'mount')).toBeNull();
});
