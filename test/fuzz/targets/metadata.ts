import { mountAt, mountsBelow, parseMountTable, stackAt } from '../../../src/host/mount-table.js';
import { parseMarks } from '../../../src/layers/marks.js';
import { formatOrigin, parseOrigin } from '../../../src/overlay/origin.js';
import { findWorkDirectory } from '../../../src/overlay/work-directory.js';
import type { Target } from '../target.js';
import { hold, textTarget } from './text.js';

const RECORD = {
  mutable: { mode: 'yes', mutableDirs: { '/usr': '/var/lib/extensions.mutable/usr' } },
  mountOptions: 'x',
  extensions: {
    a: {
      path: '/a',
      device: '8:1',
      inode: '1',
      crtime: '1',
      mtime: '0',
      version: null,
      image: {
        format: 'gpt',
        partitions: ['root'],
        protection: 'verity',
        rootHash: 'ab',
        loopDevices: ['/dev/loop0'],
      },
    },
  },
};

/** The metadata file `origin`, ours and the original's. */
export const ORIGIN = textTarget({
  name: 'origin',
  seeds: [
    JSON.stringify(RECORD),
    '{"mutable":{"mode":"no"}}',
    '{"version":1,"mutable":{"mode":"auto","mutableDirs":[]}}',
  ],
  tokens: [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'null',
    '1e999',
    '"__proto__":',
    '"a":',
    'true',
    '\\u0000',
    '"constructor":{}',
    '\0',
  ],
  run(text) {
    const origin = parseOrigin(text);
    if (origin === null) return;
    const written = formatOrigin(origin);
    const again = parseOrigin(written);
    hold(again !== null && formatOrigin(again) === written, 'what is written is read otherwise', written);
    hold(Object.keys({}).length === 0 && !('path' in {}), 'the prototype of all objects was changed');
  },
});

/** The metadata file `work_dir`, by which unmerge removes a directory. */
const workDirectory = textTarget({
  name: 'work-directory',
  seeds: [
    'var/lib/extensions.mutable/.systemd-usr-workdir\n',
    '.systemd-usr.1-workdir\n',
    'a\\x2f..\\057.systemd-usr-workdir',
  ],
  tokens: [
    '..',
    '/',
    '\\x2f',
    '\\057',
    '\\x00',
    '\\',
    '\n',
    '.systemd-usr-workdir',
    '\0',
    '\\x2e\\x2e',
    'proc/self/root/',
  ],
  run(text) {
    const found = findWorkDirectory(emptyRoot, '/usr', text);
    const allowed = ['', '.1'].map((middle) => `${emptyRoot}/.systemd-usr${middle}-workdir`);
    hold(
      found === null || allowed.includes(found),
      'a directory that is no work directory below the root',
      found,
    );
  },
});

export const WORK_DIRECTORY: Target = {
  ...workDirectory,
  seeds(directory) {
    emptyRoot = directory;
    return workDirectory.seeds(directory);
  },
};

/** A directory with nothing in it, so only one right in it can be meant. */
let emptyRoot = '/nowhere';

/** /proc/self/mountinfo: proc_pid_mountinfo(5). */
export const MOUNTINFO = textTarget({
  name: 'mountinfo',
  seeds: [
    '22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n23 22 0:5 / /usr\\040a rw master:2 - overlay sysext ro,lowerdir=a:b\n',
    '30 22 0:6 /x\\134y /usr rw - tmpfs a\\012b rw\n31 30 0:7 / /usr rw - tmpfs x rw\n32 31 0:8 / /usr/share rw - tmpfs x rw\n',
  ],
  tokens: [' ', '\n', ' - ', '/', '/usr', '\\040', '\\777', '\\', '22', '31', '0:5', 'shared:', '\xff'],
  run(_, bytes) {
    const table = parseMountTable(bytes);
    for (const path of ['/', '/usr', '/usr/share']) {
      const at = mountAt(table, path);
      hold(at === null || table.includes(at), 'a mount that is not in the table');
      hold(new Set(stackAt(table, path)).size === stackAt(table, path).length, 'a stack goes in circles');
      for (const mount of mountsBelow(table, path))
        hold(
          mount.path.startsWith(path === '/' ? '/' : `${path}/`),
          'a mount that is not below',
          path,
          mount.path,
        );
    }
  },
});

/** What getfattr(1) says of a tree of an image. */
export const MARKS = textTarget({
  name: 'marks',
  seeds: [
    '# file: a/b\\012c\ntrusted.overlay.opaque=0x79\n\n# file: .\ntrusted.overlay.redirect=0x2f61\ntrusted.overlay.whiteout\n',
  ],
  tokens: [
    '# file: ',
    '\n',
    'trusted.overlay.',
    'opaque',
    'redirect',
    'whiteout',
    '=0x',
    '\\134',
    '\\012',
    '0x',
    '79',
    '\xff',
  ],
  run(_, bytes) {
    const { opaque, whiteouts, redirects } = parseMarks(bytes, 'trusted.overlay.');
    // What is before the first path is about the tree itself.
    for (const path of [...opaque, ...whiteouts, ...redirects.keys()])
      hold(path === '' || bytes.includes('# file: '), 'a path that nobody has named', path);
  },
});
