import { CommandFailedError, runCommand } from '../host/process.js';
import type { Manager } from './manager.js';
import { serviceName } from './openrc.js';

/** What a service manager says of a unit. */
export interface UnitState {
  readonly isActive: boolean;
  /** In its own word: `active`, `failed`, `started`, `stopped`, … */
  readonly state: string;
}

/** Words of systemctl(1) `is-active`; one for a unit that does not exist is `inactive`, in newer versions also `not-found`. */
const ACTIVE: ReadonlySet<string> = new Set(['active', 'reloading', 'refreshing']);

/** What rc-service(8) `status` ends with, by openrc-run(8). */
const OPENRC: Readonly<Record<number, string>> = { 0: 'started', 3: 'stopped', 32: 'crashed' };

/**
 * Asks the service manager for a unit, by a name that was checked.
 *
 * @throws CommandMissingError; CommandFailedError if there is no answer
 */
export function readUnitState(unit: string, manager: Manager): UnitState {
  if (manager === 'systemd') {
    const result = runCommand(['systemctl', 'is-active', '--', unit]);
    const state = result.stdout.trim();
    if (!/^[a-z-]+$/.test(state)) throw new CommandFailedError(result);
    return { isActive: ACTIVE.has(state), state };
  }
  const name = serviceName(unit);
  if (name === null || runCommand(['rc-service', `--exists=${name}`]).status !== 0)
    return { isActive: false, state: 'not-found' };
  const result = runCommand(['rc-service', '--', name, 'status']);
  if (result.status === null) throw new CommandFailedError(result);
  return { isActive: result.status === 0, state: OPENRC[result.status] ?? `exit status ${result.status}` };
}
