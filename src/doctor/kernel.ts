import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { isInUserNamespace } from '../host/privileges.js';
import { CommandFailedError, CommandMissingError, runCommand } from '../host/process.js';
import { isAtLeast } from '../host/version.js';
import type { FileSystemType } from '../images/content.js';
import { kernelProblem } from '../mount/diagnose.js';
import { hasDeviceMapper } from '../mount/mapped/device-mapper.js';
import { hasLoopDevices } from '../mount/mapped/loop-device.js';
import type { FindingOf } from './finding.js';

/** FAT is recognised in images, and refused: overlayfs takes no layers from it. */
const TYPES: readonly FileSystemType[] = ['squashfs', 'erofs', 'ext4', 'btrfs', 'xfs'];

/** `wanted`: a version that it would have to have. */
export function findKernel(): FindingOf<'kernel'> {
  const problem = kernelProblem(release(), isInUserNamespace());
  return { code: 'kernel', release: release(), wanted: problem?.wanted ?? null };
}

/** Whether the kernel has the file systems of images, or a module for them; modprobe(8) is only asked, and loads none. */
export function findFileSystems(): FindingOf<'file-system'>[] {
  const known = readKnown();
  return TYPES.map((type) => ({
    code: 'file-system',
    type,
    state: known === null ? 'untold' : known.has(type) ? 'there' : askForModule(type),
  }));
}

function readKnown(): ReadonlySet<string> | null {
  try {
    return new Set(parseFileSystems(readFileSync('/proc/filesystems', 'utf8')));
  } catch {
    return null;
  }
}

/** @param text as in /proc/filesystems: the name comes last (proc_filesystems(5)) */
export function parseFileSystems(text: string): string[] {
  return text.split('\n').flatMap((line) => line.split('\t').at(-1) || []);
}

/** In a container the modules are those of the machine outside, and not to be seen. */
function askForModule(type: FileSystemType): 'module' | 'absent' | 'unloaded' {
  if (!existsSync(`/lib/modules/${release()}`)) return 'unloaded';
  try {
    return runCommand(['modprobe', '--dry-run', '--quiet', type]).status === 0 ? 'module' : 'absent';
  } catch (error) {
    if (error instanceof CommandMissingError) return 'unloaded';
    throw error;
  }
}

/** Whether there is a loop device to be had. losetup(8) says which one is free, and takes none. */
export function findLoopDevices(isPrivileged: boolean): FindingOf<'loop-devices'> {
  const finding = (
    state: FindingOf<'loop-devices'>['state'],
    cause: CommandFailedError | null = null,
    device: string | null = null,
  ) => ({ code: 'loop-devices', state, cause, device }) as const;
  if (!hasLoopDevices()) return finding('none');
  if (!isPrivileged) return finding('untried');
  // They belong to the root of the machine (capabilities(7): not those of a user namespace below).
  if (isInUserNamespace()) return finding('user-namespace');
  try {
    const result = runCommand(['losetup', '-f']);
    // Of one without a node it says so behind the name.
    const device = result.stdout.trim().split(' ', 1)[0] ?? '';
    if (result.status !== 0) return finding('refused', new CommandFailedError(result));
    return existsSync(device) ? finding('free', null, device) : finding('no-node', null, device);
  } catch (error) {
    if (error instanceof CommandMissingError) return finding('untried');
    throw error;
  }
}

/** Since these versions an erofs image is mounted straight from its file (src/mount/images.ts). */
const EROFS_FROM_FILE = { kernel: '6.12.0', mount: '2.42.0' };

/** What helps where there are no loop devices. @param mount version of mount(8) of util-linux, `null` for none or another */
export function judgeErofsFromFile(kernel: string, mount: string | null): FindingOf<'erofs-without-loop'> {
  const isThere = isAtLeast(kernel, EROFS_FROM_FILE.kernel) && isAtLeast(mount, EROFS_FROM_FILE.mount);
  return { code: 'erofs-without-loop', kernel, mount, isThere };
}

export function findDeviceMapper(isPrivileged: boolean): FindingOf<'device-mapper'> {
  if (hasDeviceMapper()) return { code: 'device-mapper', state: 'there' };
  // The kernel says what it has in /proc/misc.
  const isKnown = isPrivileged && existsSync('/proc/misc');
  return { code: 'device-mapper', state: isKnown ? 'absent' : 'untried' };
}
