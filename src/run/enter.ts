import { readlinkSync } from 'node:fs';
import { outerNamespace } from '../host/private-namespace.js';
import { mayMount } from '../host/privileges.js';
import { CommandFailedError, runCommand } from '../host/process.js';
import { wordsToRepeat } from '../host/self.js';
import type { Supervisor } from './supervise.js';

/** Tells the inner process that it has a user namespace as well, and who the user is outside of it: `UID:GID`. */
const runAsVariable = 'SYSEXT_RUN_AS';

/** A namespace cannot be made here. */
export class NamespaceError extends Error {
  constructor(
    /** Whether a user namespace was wanted too. */
    readonly ofUser: boolean,
    options: { cause: unknown },
  ) {
    super('no namespace', options);
  }
}

/** What the inner process learns from the outer one. */
export interface Entered {
  /** Who the command is to run as: in the user namespace of an ordinary user everything else is done as root. */
  readonly runAs: { readonly uid: number; readonly gid: number } | null;
}

/**
 * Whether this process was started by {@link enterAgain}. It is not asked whether the namespace is another one than that of the
 * parent process: who was sent into the namespace of others (nsenter(1)) must not merge there.
 *
 * @throws the error of readlink(2) without `/proc`
 */
export function entered(env: NodeJS.ProcessEnv): Entered | null {
  const outer = env[outerNamespace];
  if (outer === undefined || outer === readlinkSync('/proc/self/ns/mnt')) return null;
  const [uid, gid] = (env[runAsVariable] ?? '').split(':').map(Number);
  return { runAs: uid === undefined || gid === undefined ? null : { uid, gid } };
}

/** The environment as the user made it. */
export function environmentOfUser(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [outerNamespace]: _outer, [runAsVariable]: _as, ...others } = env;
  return others;
}

/**
 * Runs this program once more with the same arguments, in a mount namespace of its own: what is mounted there nobody else
 * sees, and the kernel unmounts it when the last process in it has ended. Who may not mount gets a user namespace too.
 *
 * @returns exit status
 * @throws NamespaceError, CommandMissingError; the error of readlink(2) without `/proc`
 */
export function enterAgain(supervisor: Supervisor, env: NodeJS.ProcessEnv): Promise<number> {
  const ofUser = !mayMount();
  const options = [...(ofUser ? ['--user', '--map-root-user'] : []), '--mount', '--propagation=private'];
  // unshare(1) would say in its own words, and with a status of commands, that it may not.
  const trial = runCommand(['unshare', ...options, '--', 'true']);
  if (trial.status !== 0) throw new NamespaceError(ofUser, { cause: new CommandFailedError(trial) });
  const runAs = ofUser ? { [runAsVariable]: `${process.geteuid?.()}:${process.getegid?.()}` } : {};
  return supervisor.run({
    command: ['unshare', ...options, '--', ...wordsToRepeat()],
    env: { ...environmentOfUser(env), ...runAs, [outerNamespace]: readlinkSync('/proc/self/ns/mnt') },
    cwd: process.cwd(),
  });
}
