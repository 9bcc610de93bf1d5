import type { ExtensionClass } from '../extension-class.js';
import { enumerate, item, literals, type Section, section } from './document.js';

export function environment(extensionClass: ExtensionClass): Section {
  const { hierarchies, hierarchiesVariable, mutableVariable, mountOptionsVariable, configFile } =
    extensionClass;
  return section(
    'ENVIRONMENT',
    item(
      `\`${hierarchiesVariable}\``,
      `The hierarchies, instead of ${enumerate(literals(hierarchies))}: absolute paths, separated by colons.`,
    ),
    item(
      `\`${mutableVariable}\``,
      `The mutable mode for calls without \`--mutable=\`, in the same words. It counts before ${configFile}(5). A value that is no mode is passed over with a warning.`,
    ),
    item(
      `\`${mountOptionsVariable}\``,
      'Options for the overlay, separated by commas; they are passed on to the kernel as they are. A writable overlay gets them in place of `noatime,redirect_dir=on,metacopy=off,index=off`.',
    ),
    item(
      '`SYSTEMD_OS_RELEASE`',
      'The file, below the root, that extensions are compared with, instead of `/etc/os-release` or `/usr/lib/os-release`.',
    ),
    item(
      '`SYSTEMD_DISSECT_VERITY_SIGNATURE`, `SYSTEMD_ALLOW_USERSPACE_VERITY`',
      'With `0` signatures of images are not checked against the certificates in `verity.d`; then only the keyring of the kernel counts. The same is done by `systemd.allow_userspace_verity=0` on the kernel command line.',
    ),
    item('`SYSTEMD_LOG_LEVEL`', 'The level of messages for calls without `--log-level=`.'),
    item(
      '`XDG_RUNTIME_DIR`, `TMPDIR`',
      'Where locks and what is being built are kept by users who may not write to `/run`, as in a user namespace of their own.',
    ),
    item(
      '`SOURCE_DATE_EPOCH`',
      'For `pack`: the latest time that a file of the image has, in seconds since 1970, so that the same content gives the same bytes.',
    ),
    item('`PATH`', 'Where mount(8), umount(8), flock(1) and the other programs that are needed are found.'),
    item(
      '`SYSEXT_PREFER_PROGRAMS`',
      'With any value but an empty one mount(8), umount(8) and flock(1) are called also where the system call could be made without them, say to see or to limit what is called.',
    ),
    item('`TZ`', 'The time zone of times in tables, see tzset(3).'),
    item(
      '`LC_ALL`, `LC_CTYPE`, `LANG`, `COLUMNS`',
      'Whether `graph` may draw with more than ASCII, and how wide where that is not a terminal.',
    ),
    item(
      '`SYSTEMD_EXEC_PID`, `RC_SVCNAME`',
      'Set by systemd and OpenRC for what they start; by them a call at boot is known, see “At boot”.',
    ),
  );
}
