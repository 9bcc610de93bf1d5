import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { explainCommand } from '../../src/report/explain-hint.js';

const caller = { program: 'sysext', extensionClass: SYSEXT, root: '/' };

test.each([
  [{}, 'foo', 'sysext explain foo'],
  [{ program: 'systemd-sysext' }, 'foo_1.2', 'systemd-sysext explain foo_1.2'],
  [{ program: 'confext', extensionClass: CONFEXT }, 'foo', 'confext explain foo'],
  [{ extensionClass: CONFEXT }, 'foo', 'sysext --class=confext explain foo'],
  [{ program: 'confext' }, 'foo', 'confext --class=sysext explain foo'],
  [{ root: '/mnt/a' }, 'foo', 'sysext --root=/mnt/a explain foo'],
  [{ root: '/mnt/a b' }, 'foo', 'sysext --root=… explain foo'],
  [{}, "it's", 'sysext explain'],
  [{}, '-x', 'sysext explain'],
  [{}, '$(reboot)', 'sysext explain'],
  [{}, 'a\nb', 'sysext explain'],
])('%j, %j: %s', (more, name, command) => {
  expect(explainCommand({ ...caller, ...more }, name)).toBe(command);
});
