import type { ExtensionClass } from '../extension-class.js';
import { item, type Section, section } from './document.js';

/** What who knows the original has to know. */
export function differences({ name }: ExtensionClass): Section {
  return section(
    'DIFFERENCES',
    `\`${name}\` reads the same files, takes the same commands and prints the same results as systemd-sysext(8). It needs no systemd. What it does differently:`,
    item(
      'containers',
      'It also merges where `/run` is not a mount point and where mounts are private, and looks at the result before it says that it has merged.',
    ),
    item(
      'messages',
      'For each extension that is passed over, one warning says which rule is broken and how to mend that. For an image that cannot be used it says what is in the file instead.',
    ),
    item('many extensions', 'Up to 498 can be merged; the length of the mount options is no limit.'),
    item(
      'refresh',
      'What was merged is kept until the new merge stands and was seen. If that fails, it is put back.',
    ),
    item('locking', 'Two calls on the same root do not get in the way of each other: one waits.'),
    item('service managers', 'OpenRC is supported beside systemd.'),
    item(
      'options',
      '`merge` and `refresh` take names of extensions. `--class=`, `--only=`, `--except=`, `--from=`, `--order=`, `--locked=`, `--keep-going`, `--strict`, `--exit-code`, `--lock-timeout=`, `--image=`, `--format=`, `--verbose`, `--log-level=` and `--log-format=` are new, as are the commands `explain`, `plan`, `which`, `files`, `conflicts`, `graph`, `check`, `inspect`, `policy`, `lock`, `verify`, `doctor` and `completion` with options of their own.',
    ),
    item(
      'disk images',
      'Where the kernel cannot check hash trees they are checked before mounting. Partitions for another architecture and those that are not complete are not used; disks with an MBR, and partition tables that contradict themselves, are refused.',
    ),
  );
}
