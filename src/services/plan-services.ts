import type { Manager, Stage } from './manager.js';
import { planOpenrc } from './openrc.js';
import { planSystemd } from './systemd.js';
import type { ServiceWishes } from './wishes.js';

export type ServiceAction = 'reload-manager' | 'restart' | 'reload-or-restart' | 'stop';

/** One thing to do about services, with the command lines that do it; a unit a command, and one after the other. */
export interface ServiceStep {
  readonly action: ServiceAction;
  /** `null` for the manager itself. */
  readonly unit: string | null;
  /** Ends with 0 if there is such a service here; else there is nothing to do. `null`: {@link command} tells. */
  readonly exists: readonly string[] | null;
  readonly command: readonly string[];
  /** What to run if the command ended with one of these statuses, or any but 0. */
  readonly otherwise: Alternative | null;
  /** The command only puts the work into a queue and does not wait for its end. */
  readonly queued: boolean;
}

export interface Alternative {
  readonly statuses: readonly number[] | 'any';
  readonly action: ServiceAction;
  readonly command: readonly string[];
  /** Status with which it says that there is nothing to do. */
  readonly absent: number | null;
  /** What tidies up after it, whether that succeeds or not; `null` for nothing. */
  readonly afterwards: readonly string[] | null;
}

/** Wishes that are not fulfilled, and why. */
export interface LeftOut {
  /**
   * `no-manager`: see detectManager(). `booting`: OpenRC would wait for the caller to end before it starts anything.
   * `no-service`: OpenRC has services only, no sockets, timers and so on.
   */
  readonly reason: 'no-manager' | 'booting' | 'no-service';
  readonly reload: boolean;
  readonly units: readonly string[];
}

export interface ServicePlan {
  readonly steps: readonly ServiceStep[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * What to do for the wishes of extensions, after they were merged, refreshed or unmerged; it is the same each time. First
 * the manager reads its files again, then units are restarted, then reloaded; a unit that is gone is stopped.
 *
 * Nothing is done while the machine shuts down: everything is being stopped anyway, and may not be started any more.
 */
export function planServices(wishes: ServiceWishes, manager: Manager | null, stage: Stage): ServicePlan {
  const units = [...wishes.restart, ...wishes.reloadOrRestart];
  if (stage === 'shutdown' || !wishes.reload) return { steps: [], leftOut: [] };
  if (manager === null) return { steps: [], leftOut: [{ reason: 'no-manager', reload: true, units }] };
  return manager === 'systemd' ? planSystemd(wishes, stage) : planOpenrc(wishes, stage);
}
