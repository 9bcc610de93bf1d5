import type { Stage } from './manager.js';
import type { ServicePlan, ServiceStep } from './plan-services.js';
import type { ServiceWishes } from './wishes.js';

/** Statuses of systemctl(1) for a unit that does not exist (any more), and for one whose file is unusable. */
const NOT_FOUND = 5;
const NOT_LOADED = 6;

/**
 * One systemctl(1) a unit, as the original makes one call a unit and waits for it: so each has an outcome of its own. A
 * unit that the manager does not find, because it went with its extension, may still run, and is stopped.
 *
 * While the machine boots nothing is waited for: units wait for sysinit.target, and that waits for us.
 */
export function planSystemd(wishes: ServiceWishes, stage: Stage): ServicePlan {
  const queued = stage === 'boot';
  const systemctl = queued ? ['systemctl', '--no-block'] : ['systemctl'];
  const toStep =
    (action: 'restart' | 'reload-or-restart') =>
    (unit: string): ServiceStep => ({
      action,
      unit,
      exists: null,
      command: [...systemctl, action, '--', unit],
      otherwise: {
        statuses: [NOT_FOUND, NOT_LOADED],
        action: 'stop',
        command: [...systemctl, 'stop', '--', unit],
        absent: NOT_FOUND,
        // A timer whose units went away has failed, and is listed as such until somebody forgets it.
        afterwards: ['systemctl', 'reset-failed', '--', unit],
      },
      queued,
    });
  const reload: ServiceStep = {
    action: 'reload-manager',
    unit: null,
    exists: null,
    command: ['systemctl', 'daemon-reload'],
    otherwise: null,
    queued: false,
  };
  const steps = [
    reload,
    ...wishes.restart.map(toStep('restart')),
    ...wishes.reloadOrRestart.map(toStep('reload-or-restart')),
  ];
  return { steps, leftOut: [] };
}
