import type { FindingOf, Program, Surroundings } from '../../doctor/finding.js';
import { installCommand, usualPackage } from '../../doctor/packages.js';
import { printable } from '../printable.js';
import type { Said } from './words.js';

/** Section of the manual, and what is wanted of each program. */
const PROGRAMS: Readonly<Record<Program, readonly [section: number, wanted: string]>> = {
  mount: [8, 'mount(8) of util-linux, which mounts everything'],
  umount: [8, 'umount(8), which unmounts everything'],
  flock: [1, 'flock(1) of util-linux, which keeps two calls from mounting at the same time'],
  unshare: [
    1,
    "unshare(1), to look into images where nobody else sees it ('explain', 'inspect'), and to try overlays",
  ],
  losetup: [8, 'losetup(8) of util-linux, for images that are opened with device mapper'],
  veritysetup: [
    8,
    'veritysetup(8), to have the kernel check an image with a hash tree whenever it is read; without it all of the image is checked before it is mounted',
  ],
  cryptsetup: [8, 'cryptsetup(8), to open encrypted images'],
  getfattr: [1, 'getfattr(1), to read root hashes and other marks in extended attributes'],
  chcon: [1, 'chcon(1), to label what is made as SELinux needs it'],
};

export function describeProgram(
  { program, state, version }: FindingOf<'program'>,
  { distributions }: Surroundings,
): Said {
  const [section, wanted] = PROGRAMS[program];
  const title = `${program}(${section})`;
  if (state === 'there') return { title, wanted, found: printable(version ?? 'there') };
  const found = describeState(program, state, version);
  const command = installCommand(distributions, program);
  return {
    title,
    wanted,
    found,
    command,
    advice: command === null ? `install ${usualPackage(program)}` : null,
  };
}

function describeState(
  program: Program,
  state: Exclude<FindingOf<'program'>['state'], 'there'>,
  version: string | null,
): string {
  switch (state) {
    case 'busybox': {
      const lacks = LACKS[program];
      const which = `that of busybox${version === null ? '' : ` ${printable(version)}`}`;
      return lacks === undefined ? which : `${which}: ${lacks}`;
    }
    case 'other':
      return 'neither that of util-linux nor that of busybox';
    case 'replaced':
      return 'not in PATH, and not needed: the lock is taken by the system call';
    case 'absent':
      return 'not in PATH, or not executable';
  }
}

/** What the program of busybox cannot do, and what comes of it. */
const LACKS: Readonly<Partial<Record<Program, string>>> = {
  mount: 'what it cannot do at once is done in two steps',
  umount: 'what is mounted below a hierarchy is unmounted by the system call',
  flock: 'it cannot wait for a time, so the lock is tried for again and again',
  losetup:
    'it makes no loop device that ends before the file does, which veritysetup(8) and cryptsetup(8) need',
};
