import {
  CommandMissingError,
  type CommandResult,
  type CommandSettings,
  runCommand,
} from '../host/process.js';
import { PackError } from './problem.js';

/** The Debian packages of the programs that are called. */
const PACKAGES = {
  cp: 'coreutils',
  mknod: 'coreutils',
  setfattr: 'attr',
  mksquashfs: 'squashfs-tools',
  'mkfs.erofs': 'erofs-utils',
  mke2fs: 'e2fsprogs',
  debugfs: 'e2fsprogs',
  veritysetup: 'cryptsetup-bin',
  openssl: 'openssl',
  'dpkg-deb': 'dpkg',
  'apt-get': 'apt',
  gzip: 'gzip',
  xz: 'xz-utils',
  zstd: 'zstd',
} as const;

export type Tool = keyof typeof PACKAGES;

/**
 * Runs a program that a part of the work is left to.
 *
 * @throws PackError `tool-missing`, `tool-failed`
 */
export function runTool(
  command: readonly [Tool, ...string[]],
  settings: CommandSettings = {},
): CommandResult {
  const [program] = command;
  try {
    const result = runCommand(command, settings);
    if (result.status === 0) return result;
    const said = result.stderr.trim().split('\n').at(-1) || `exit status ${result.status ?? result.signal}`;
    throw new PackError({ kind: 'tool-failed', command: program, said });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new PackError({ kind: 'tool-missing', command: program, package: PACKAGES[program] });
  }
}
