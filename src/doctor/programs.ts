import { CommandMissingError, requireCommand, runCommand } from '../host/process.js';
import type { SelinuxMode } from '../host/selinux.js';
import type { FindingOf, Program } from './finding.js';

const VITAL: readonly Program[] = ['mount', 'umount', 'flock'];
const OTHERS: readonly Program[] = ['unshare', 'losetup', 'veritysetup', 'cryptsetup', 'getfattr'];

/** Which of the programs that ours calls are installed, and their versions. */
export function findPrograms(selinux: SelinuxMode): FindingOf<'program'>[] {
  const label = selinux === 'off' ? [] : [findProgram('chcon', selinux === 'enforcing')];
  return [
    ...VITAL.map((program) => findProgram(program, true)),
    ...OTHERS.map((program) => findProgram(program, false)),
    ...label,
  ];
}

function findProgram(program: Program, isVital: boolean): FindingOf<'program'> {
  const finding = { code: 'program', program, isVital } as const;
  try {
    requireCommand(program);
    const { stdout, stderr } = runCommand([program, '--version']);
    return { ...finding, ...readVersion(`${stdout}\n${stderr}`) };
  } catch (error) {
    if (error instanceof CommandMissingError) return { ...finding, state: 'absent', version: null };
    throw error;
  }
}

/** @param said by the program when asked for its version; that of busybox may know no such option, and still names itself */
export function readVersion(said: string): Pick<FindingOf<'program'>, 'state' | 'version'> {
  const busybox = /\bBusyBox v([\d.]+)/i.exec(said);
  if (busybox !== null) return { state: 'busybox', version: busybox[1]! };
  const isBusybox = /applet not found|\bbusybox\b/i.test(said);
  if (isBusybox) return { state: 'busybox', version: null };
  return { state: 'there', version: /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null };
}
