import { loadSystemCalls } from '../host/native/load-system-calls.js';
import { CommandMissingError, requireCommand, runCommand } from '../host/process.js';
import type { SelinuxMode } from '../host/selinux.js';
import { isBusybox } from '../mount/mount-program.js';
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
    const ask = (option: string) => {
      const { stdout, stderr } = runCommand([program, option]);
      return `${stdout}\n${stderr}`;
    };
    const said = readVersion(program, ask('--version'));
    // Asked for its version, the mount(8) of busybox lists what is mounted.
    return { ...finding, ...(said.state === 'other' ? readVersion(program, ask('--help')) : said) };
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    const isReplaced = program === 'flock' && loadSystemCalls() !== null;
    return { ...finding, state: isReplaced ? 'replaced' : 'absent', version: null };
  }
}

/** Busybox and toybox have programs of these names as well; not all that say something of themselves say who they are. */
const UTIL_LINUX: ReadonlySet<Program> = new Set(['mount', 'umount', 'flock', 'unshare', 'losetup']);

/** @param said by the program when it was asked for its version, or for help */
export function readVersion(program: Program, said: string): Pick<FindingOf<'program'>, 'state' | 'version'> {
  const version = /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null;
  if (!UTIL_LINUX.has(program) || /\butil-linux\b/.test(said)) return { state: 'there', version };
  if (!isBusybox(said)) return { state: 'other', version: null };
  return { state: 'busybox', version: /\bBusyBox v([\d.]+)/.exec(said)?.[1] ?? null };
}
