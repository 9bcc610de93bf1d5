import type { Stage } from './manager.js';
import type { LeftOut, ServicePlan, ServiceStep } from './plan-services.js';
import type { ServiceWishes } from './wishes.js';

const SUFFIX = '.service';

/**
 * What a unit is called as a service of OpenRC: `a.service` is `a`; an instance, `a@b.service`, is `a.b`, the usual
 * name of a service that is a symlink to another one. @returns `null` for units that are no services
 */
export function serviceName(unit: string): string | null {
  if (!unit.endsWith(SUFFIX)) return null;
  const name = unit.slice(0, -SUFFIX.length).replace('@', '.');
  // A name of an init script that is none, or could be a directory.
  return name.startsWith('.') ? null : name;
}

/**
 * The same in the words of rc-service(8) and rc-update(8). Behind `--` come the service and the command for its init
 * script. `restart` starts a service that is stopped. `reload` fails for a service that is stopped or has no such command
 * (openrc-run(8)), and nothing tells this from a reload that went wrong; then too it is restarted, which scripts refuse
 * for a configuration that they can see to be broken.
 */
export function planOpenrc(wishes: ServiceWishes, stage: Stage): ServicePlan {
  const units = [...wishes.restart, ...wishes.reloadOrRestart];
  const others = units.filter((unit) => serviceName(unit) === null);
  const services = units.filter((unit) => serviceName(unit) !== null);
  const leftOut: LeftOut[] = [];
  if (others.length > 0) leftOut.push({ reason: 'no-service', reload: false, units: others });
  if (stage === 'boot' && services.length > 0)
    leftOut.push({ reason: 'booting', reload: false, units: services });
  const now = stage === 'boot' ? [] : services;
  const steps = now.map((unit) => (wishes.restart.includes(unit) ? restart(unit) : reload(unit)));
  return { steps: [UPDATE, ...steps], leftOut };
}

const UPDATE: ServiceStep = {
  action: 'reload-manager',
  unit: null,
  exists: null,
  command: ['rc-update', '--update'],
  otherwise: null,
  queued: false,
};

function restart(unit: string): ServiceStep {
  return toStep(unit, 'restart', ['restart']);
}

function reload(unit: string): ServiceStep {
  const { command } = restart(unit);
  const otherwise = { statuses: 'any', action: 'restart', command, absent: null, afterwards: null } as const;
  return { ...toStep(unit, 'reload-or-restart', ['reload']), otherwise };
}

/**
 * Stops a service alone: those that need it are not stopped, because nobody would start them again.
 */
export function planStop(unit: string): ServiceStep {
  return toStep(unit, 'stop', ['--nodeps', 'stop']);
}

function toStep(unit: string, action: ServiceStep['action'], words: readonly string[]): ServiceStep {
  const name = serviceName(unit) ?? unit;
  return {
    action,
    unit,
    exists: ['rc-service', `--exists=${name}`],
    command: ['rc-service', '--', name, ...words],
    otherwise: null,
    queued: false,
  };
}
