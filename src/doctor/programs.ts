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
    return { ...finding, ...readVersion(program, `${stdout}\n${stderr}`) };
  } catch (error) {
    if (error instanceof CommandMissingError) return { ...finding, state: 'absent', version: null };
    throw error;
  }
}

/** Busybox and toybox have programs of these names as well; not all that say something of themselves say who they are. */
const UTIL_LINUX: ReadonlySet<Program> = new Set(['mount', 'umount', 'flock', 'unshare', 'losetup']);

/** @param said by the program when it was asked for its version */
export function readVersion(program: Program, said: string): Pick<FindingOf<'program'>, 'state' | 'version'> {
  const isOther = UTIL_LINUX.has(program) && !/\butil-linux\b/.test(said);
  if (isOther) return { state: 'other', version: /\bBusyBox v[\d.]+/.exec(said)?.[0] ?? null };
  return { state: 'there', version: /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null };
}
