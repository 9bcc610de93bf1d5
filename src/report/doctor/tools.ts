import type { Tool, ToolName } from '../../doctor/tools.js';
import type { Json } from '../json.js';
import { formatTable } from '../table.js';

/** Section of the manual, and what it is for. */
const TOOLS: Readonly<Record<ToolName, readonly [section: number, purpose: string]>> = {
  mksquashfs: [1, 'makes squashfs images'],
  'mkfs.erofs': [1, 'makes erofs images'],
  mke2fs: [8, 'makes ext4 images'],
  debugfs: [8, 'makes ext4 images, and unpacks them where there is no FUSE'],
  veritysetup: [8, 'makes hash trees'],
  openssl: [1, 'signs'],
  setfattr: [1, 'copies extended attributes'],
  'dpkg-deb': [1, 'unpacks Debian packages'],
  'apt-get': [8, 'downloads Debian packages'],
  gzip: [1, 'unpacks archives and images'],
  xz: [1, 'unpacks archives and images'],
  zstd: [1, 'unpacks archives and images'],
  bzip2: [1, 'unpacks images'],
  gpgv: [1, 'checks signatures'],
  gpg: [1, 'checks signatures, reads keys that are text'],
  setpriv: [1, 'starts programs of FUSE'],
  squashfuse: [1, 'shows squashfs images to ordinary users'],
  erofsfuse: [1, 'shows erofs images to ordinary users'],
  fuse2fs: [1, 'shows ext4 images to ordinary users'],
  unsquashfs: [1, 'unpacks squashfs images where there is no FUSE'],
  'fsck.erofs': [1, 'unpacks erofs images where there is no FUSE'],
};

/** The programs that not every machine needs, and where to get them. */
export async function describeTools(tools: readonly Tool[]): Promise<string[]> {
  const table = await formatTable(
    ['PROGRAM', 'FOR', 'WHAT IT DOES', 'DEBIAN PACKAGE', 'FOUND'],
    tools.map(({ program, users, package: name, path }) => {
      const [section, purpose] = TOOLS[program];
      return [`${program}(${section})`, users.join(', '), purpose, name, path ?? 'not in PATH'];
    }),
  );
  return [
    'Only needed for some commands, and not for merging:',
    ...table
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

export function toolsJson(tools: readonly Tool[]): Json {
  return tools.map(({ program, users, package: name, path }) => ({
    program,
    commands: users,
    purpose: TOOLS[program][1],
    debianPackage: name,
    path,
  }));
}
