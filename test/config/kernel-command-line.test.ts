import fc from 'fast-check';
import { isSwitchedOff } from '../../src/config/kernel-command-line.js';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { anyText } from '../support/text.js';

/** Each row was checked with systemd-sysext 262 (`SYSTEMD_PROC_CMDLINE`). */
test.each([
  ['', false],
  ['root=/dev/sda1 ro quiet', false],
  ['ro systemd.sysext=0 quiet', true],
  ['systemd.sysext=no', true],
  ['systemd.sysext=OFF', true],
  ['systemd.sysext=1', false],
  ['systemd.sysext', false],
  ['systemd.sysext=', false],
  ['systemd.sysext=bogus', false],
  ['systemd.sysext=0 systemd.sysext=1', false],
  ['systemd.sysext=1 systemd.sysext=0', true],
  ['systemd.sysext=0 systemd.sysext', true],
  ['systemd.sysext=0 systemd.sysext=', false],
  ['systemd.sysext=0 systemd.sysext=bogus', false],
  ['"systemd.sysext=0"', true],
  ['systemd.sysext="0"', true],
  ["systemd.sysext='0'", true],
  ['systemd.sysext=" 0"', false],
  ['systemd.sysext=0"', true],
  ['"systemd.sysext=0', true],
  ['systemd.sysext=\\0', false],
  ['systemd.sysext==0', false],
  ['"foo systemd.sysext=0"', false],
  ['foo\nsystemd.sysext=0\n', true],
  ['foo\tsystemd.sysext=0', true],
  ['foo -- systemd.sysext=0', true],
  ['systemd.sysextx=0', false],
  ['systemd_sysext=0', false],
  ['SYSTEMD.SYSEXT=0', false],
  ['systemd.confext=0', false],
  ['rd.systemd.sysext=0', false],
])('%j: %j', (commandLine, off) => {
  expect(isSwitchedOff(commandLine, SYSEXT, false)).toBe(off);
});

test('an initrd has a switch of its own', () => {
  expect(isSwitchedOff('rd.systemd.sysext=0', SYSEXT, true)).toBe(true);
  expect(isSwitchedOff('systemd.sysext=0', SYSEXT, true)).toBe(false);
  expect(isSwitchedOff('systemd.sysext=0 rd.systemd.sysext=1', SYSEXT, false)).toBe(true);
});

test('so has the other class', () => {
  expect(isSwitchedOff('systemd.confext=0', CONFEXT, false)).toBe(true);
  expect(isSwitchedOff('systemd.sysext=0', CONFEXT, false)).toBe(false);
  expect(isSwitchedOff('rd.systemd.confext=0', CONFEXT, true)).toBe(true);
});

test('words before it change nothing', () => {
  const word = anyText().map((text) => text.replace(/[\s"']/g, ''));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(isSwitchedOff([...words, 'systemd.sysext=0'].join(' '), SYSEXT, false)).toBe(true);
    }),
  );
});
