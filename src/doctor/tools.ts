import { DEBIAN_PACKAGES, type PackagedProgram } from '../host/debian-packages.js';
import { findCommand } from '../host/process.js';

/** A verb that calls programs which a machine that only merges can do without. */
export type ToolUser = 'pack' | 'run' | 'update';

/** By what they are for; words for that are in src/report/doctor/tools.ts. */
const USERS = {
  mksquashfs: ['pack'],
  'mkfs.erofs': ['pack'],
  mke2fs: ['pack'],
  debugfs: ['pack', 'run'],
  veritysetup: ['pack'],
  openssl: ['pack'],
  setfattr: ['pack'],
  'dpkg-deb': ['pack'],
  'apt-get': ['pack'],
  gzip: ['pack', 'update'],
  xz: ['pack', 'update'],
  zstd: ['pack', 'update'],
  bzip2: ['update'],
  gpgv: ['update'],
  gpg: ['update'],
  setpriv: ['run'],
  squashfuse: ['run'],
  erofsfuse: ['run'],
  fuse2fs: ['run'],
  unsquashfs: ['run'],
  'fsck.erofs': ['run'],
} as const satisfies Partial<Record<PackagedProgram, readonly ToolUser[]>>;

export type ToolName = keyof typeof USERS;

/** Such a program, and whether it is here. Nothing follows from that for the answer of `doctor`. */
export interface Tool {
  readonly program: ToolName;
  readonly users: readonly ToolUser[];
  /** In Debian. */
  readonly package: string;
  /** Where it was found in `PATH`, or `null`. */
  readonly path: string | null;
}

/** Which of these programs are installed; none is started. */
export function findTools(): Tool[] {
  return (Object.keys(USERS) as ToolName[]).map((program) => ({
    program,
    users: USERS[program],
    package: DEBIAN_PACKAGES[program],
    path: findCommand(program),
  }));
}
