import { lstatSync, readFileSync, statSync } from 'node:fs';
import { CommandMissingError, runCommand } from '../host/process.js';
import { errorCode } from '../host/root.js';

export type Manager = 'systemd' | 'openrc';

/** What the machine is doing: services of a machine that boots or shuts down are not waited for. */
export type Stage = 'boot' | 'running' | 'shutdown';

/** Where the machine is looked at; the tests have others. */
export interface Places {
  readonly run: string;
  readonly ownRoot: string;
  readonly firstRoot: string;
  readonly uidMap: string;
}

const PLACES: Places = {
  run: '/run',
  ownRoot: '/',
  firstRoot: '/proc/1/root/',
  uidMap: '/proc/self/uid_map',
};

/**
 * The service manager that runs here; `null` if there is none, none that is known, or none that would see what is
 * merged by this process.
 *
 * systemd is told as sd_booted(3) does it. OpenRC by the file without which rc-service(8) refuses to work.
 */
export function detectManager(places: Places = PLACES): Manager | null {
  if (isElsewhere(places)) return null;
  if (isThere(`${places.run}/systemd/system`, 'directory')) return 'systemd';
  if (isThere(`${places.run}/openrc/softlevel`, 'file')) return 'openrc';
  return null;
}

/**
 * Whether PID 1 has another root: a chroot, or a container with the host's process table. Without `/proc` a chroot is
 * assumed. Where we may not look (proc(5): ptrace access mode), what counts is whether we are in a user namespace
 * below that of PID 1: there our mounts are our own, and it would not obey.
 */
function isElsewhere({ ownRoot, firstRoot, uidMap }: Places): boolean {
  try {
    const own = statSync(ownRoot, { bigint: true });
    const first = statSync(firstRoot, { bigint: true });
    return own.dev !== first.dev || own.ino !== first.ino;
  } catch (error) {
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') return true;
    // user_namespaces(7): in the first one every id is itself.
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync(uidMap, 'utf8'));
  }
}

/** What systemctl(1) `is-system-running`, or OpenRC by the marks it sets while it changes the runlevel, says. */
export function readStage(manager: Manager | null, places: Places = PLACES): Stage {
  if (manager === 'systemd') return stageOfSystemd();
  if (manager === 'openrc' && isThere(`${places.run}/openrc/rc.stopping`)) return 'shutdown';
  if (manager === 'openrc' && isThere(`${places.run}/openrc/rc.starting`)) return 'boot';
  return 'running';
}

function stageOfSystemd(): Stage {
  try {
    // The exit status says no more than "not running", which degraded is too.
    const state = runCommand(['systemctl', 'is-system-running']).stdout.trim();
    if (state === 'initializing' || state === 'starting') return 'boot';
    return state === 'stopping' ? 'shutdown' : 'running';
  } catch (error) {
    if (error instanceof CommandMissingError) return 'running';
    throw error;
  }
}

function isThere(path: string, type: 'directory' | 'file' | 'any' = 'any'): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || type === 'any') return found !== undefined;
  return type === 'directory' ? found.isDirectory() : found.isFile();
}
