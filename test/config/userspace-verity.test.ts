import { allowsUserspaceSignatures } from '../../src/config/userspace-verity.js';

/** Each row was checked with systemd-dissect 262 (`SYSTEMD_PROC_CMDLINE`). */
test.each([
  ['', true],
  ['quiet', true],
  ['systemd.allow_userspace_verity=0', false],
  ['systemd.allow-userspace-verity=0', false],
  ['systemd.allow_userspace_verity=no systemd.allow_userspace_verity=yes', true],
  ['systemd.allow_userspace_verity', true],
  ['systemd.allow_userspace_verity=', false],
  ['systemd.allow_userspace_verity=maybe', false],
  ['systemd.allow_userspace_verity=0 systemd.allow_userspace_verity', false],
])('kernel command line %j: %j', (commandLine, allowed) => {
  expect(allowsUserspaceSignatures({}, commandLine)).toBe(allowed);
});

test.each([
  [{ SYSTEMD_DISSECT_VERITY_SIGNATURE: '0' }, false],
  [{ SYSTEMD_DISSECT_VERITY_SIGNATURE: 'yes' }, true],
  [{ SYSTEMD_DISSECT_VERITY_SIGNATURE: 'bogus' }, true],
  [{ SYSTEMD_DISSECT_VERITY_SIGNATURE: '' }, true],
  [{ SYSTEMD_ALLOW_USERSPACE_VERITY: '0' }, false],
  [{ SYSTEMD_ALLOW_USERSPACE_VERITY: 'yes' }, true],
  [{ SYSTEMD_ALLOW_USERSPACE_VERITY: 'bogus' }, false],
  [{ SYSTEMD_ALLOW_USERSPACE_VERITY: '' }, false],
  [{ SYSTEMD_DISSECT_VERITY_SIGNATURE: 'yes', SYSTEMD_ALLOW_USERSPACE_VERITY: 'no' }, false],
])('environment %j: %j', (env, allowed) => {
  expect(allowsUserspaceSignatures(env, 'quiet')).toBe(allowed);
});
