import { findFollowUps } from '../../src/check/afterwards.js';
import { commandLineOf, describeFollowUps } from '../../src/report/check/follow-ups.js';
import { image } from './cases.js';
import { withChecked } from './checked.js';

const EVERYTHING = {
  'usr/lib/systemd/system/foo.service': '[Install]\nWantedBy=multi-user.target\n',
  'usr/share/dbus-1/system.d/foo.conf': '',
  'usr/lib/udev/rules.d/foo.rules': '',
  'usr/lib/udev/hwdb.d/foo.hwdb': '',
  'usr/lib/modules/6.12/extra/foo.ko.xz': '',
  'usr/lib/modules-load.d/foo.conf': '',
  'usr/lib/sysctl.d/foo.conf': '',
  'usr/lib/binfmt.d/foo.conf': '',
  'usr/lib/tmpfiles.d/foo.conf': '',
  'usr/lib/sysusers.d/foo.conf': '',
  'usr/lib/x86_64-linux-gnu/libfoo.so.1': '',
  'usr/lib/libbar.so': '',
  'usr/share/glib-2.0/schemas/foo.gschema.xml': '',
  'usr/share/mime/packages/foo.xml': '',
  'usr/share/applications/foo.desktop': '',
  'usr/share/icons/hicolor/48x48/apps/foo.png': '',
  'usr/share/fonts/foo.ttf': '',
};

test('everything, in the order in which it has to run', () => {
  withChecked({ tree: image(EVERYTHING, 'ID=_any\n') }, (opened) => {
    const followUps = findFollowUps(opened);
    expect(followUps.map(commandLineOf)).toEqual([
      'ldconfig',
      'systemd-sysusers',
      'systemd-tmpfiles --create',
      'depmod --all',
      'systemctl restart systemd-modules-load.service',
      'sysctl --system',
      'systemctl restart systemd-binfmt.service',
      'systemd-hwdb update',
      'udevadm control --reload',
      'udevadm trigger',
      'busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus ReloadConfig',
      'glib-compile-schemas /usr/share/glib-2.0/schemas',
      'update-mime-database /usr/share/mime',
      'update-desktop-database /usr/share/applications',
      'gtk-update-icon-cache /usr/share/icons/hicolor',
      'fc-cache',
      'systemctl daemon-reload',
      'systemctl start -- foo.service',
    ]);
    expect(followUps[0]).toMatchObject({ count: 2, isDone: false });
    const text = describeFollowUps(followUps).join('\n');
    expect(text).toContain("finds the new shared libraries: for '/usr/lib/libbar.so' and 1 more.");
    expect(text).toContain('it writes into /usr, which is read-only while something is merged');
  });
});

test('what merge does is marked', () => {
  const release = 'ID=_any\nEXTENSION_RESTART_UNITS=foo.service\n';
  withChecked({ tree: image(EVERYTHING, release) }, (opened) => {
    expect(findFollowUps(opened).at(-1)).toMatchObject({ reader: 'manager', isDone: true });
    expect(describeFollowUps(findFollowUps(opened)).at(-1)).toContain('merge does it');
  });
});

test('what a service of the image does is marked', () => {
  const release = 'ID=_any\nEXTENSION_RESTART_UNITS=foo.service\n';
  const files = (call: string) => ({
    'usr/lib/systemd/system/foo.service': '[Unit]\nWants=make.service\n[Service]\nExecStart=/bin/sh\n',
    'usr/lib/systemd/system/make.service': `[Service]\nExecStart=${call}\n`,
    'usr/lib/tmpfiles.d/a.conf': '',
    'usr/lib/tmpfiles.d/b.conf': '',
  });
  for (const [call, isDone] of [
    ['systemd-tmpfiles --create a.conf b.conf', true],
    ['systemd-tmpfiles --create a.conf', false],
  ] as const)
    withChecked({ tree: image(files(call), release) }, (opened) => {
      const followUps = findFollowUps(opened);
      expect(followUps[0]).toMatchObject({ reader: 'tmpfiles', isDone });
      expect(describeFollowUps(followUps).join('\n').includes('a service of the image does it')).toBe(isDone);
    });
});

test('configuration extensions', () => {
  const tree = { 'etc/tmpfiles.d/a.conf': '', 'etc/sysctl.d/a.conf': '', 'etc/foo.so': '' };
  withChecked({ class: 'confext', tree }, (opened) => {
    expect(findFollowUps(opened).map(({ reader }) => reader)).toEqual(['tmpfiles', 'sysctl']);
  });
});

test('nothing', () => {
  expect(withChecked({ tree: image() }, findFollowUps)).toEqual([]);
  expect(describeFollowUps([])).toEqual([]);
});
