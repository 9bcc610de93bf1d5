import { SYSEXT } from '../../src/extension-class.js';
import { CommandMissingError } from '../../src/host/process.js';
import { OverlayFailedError, type OverlayProblem } from '../../src/mount/diagnose.js';
import { doctorHint } from '../../src/report/doctor-hint.js';

const CALLER = { program: 'sysext', extensionClass: SYSEXT, root: '/' };
const overlay = (problem: OverlayProblem) => new OverlayFailedError('/usr', problem, { cause: null });

test.each([
  ['a program is missing', new CommandMissingError('mount', { cause: null }), false, true],
  ['an overlay was refused', overlay({ kind: 'nested', paths: ['/usr'] }), false, true],
  ['nobody knows why', overlay({ kind: 'unknown' }), false, true],
  ['it is known to be the machine', new Error('x'), true, true],
  ['an extension vanished', overlay({ kind: 'layer-vanished', extension: 'a', path: '/a' }), false, false],
  ['something else', new Error('x'), false, false],
])('%s', (_, error, isUnfit, helps) => {
  expect(doctorHint(error, CALLER, isUnfit)).toBe(
    helps ? "'sysext doctor' says what else this machine lacks." : null,
  );
});

test('for the same root and class', () => {
  const caller = { ...CALLER, program: 'confext', root: '/mnt' };
  expect(doctorHint(null, caller, true)).toContain("'confext --class=sysext --root=/mnt doctor'");
});
