import { realpathSync } from 'node:fs';
import { CommandMissingError, runCommand } from '../host/process.js';
import { isMissing } from '../host/root.js';
import type { Manager, Stage } from './manager.js';
import { planStop, serviceName } from './openrc.js';
import type { ServiceStep } from './plan-services.js';
import type { ServiceWishes } from './wishes.js';

/**
 * What to do before extensions are taken off. Only OpenRC needs it: it stops a service with the service's init script, so
 * once that is gone nothing can stop it any more. Which scripts will be gone cannot be seen below the overlay, so all
 * that lie in a merged hierarchy are stopped; those that stay are started by planServices() afterwards.
 *
 * @param wishes of the extensions that go
 * @param hierarchies paths on the machine of what is merged
 */
export function planStopFirst(
  wishes: ServiceWishes,
  manager: Manager | null,
  stage: Stage,
  hierarchies: readonly string[],
): ServiceStep[] {
  if (manager !== 'openrc' || stage !== 'running') return [];
  return [...wishes.restart, ...wishes.reloadOrRestart]
    .filter((unit) => {
      const script = findScript(unit);
      return script !== null && hierarchies.some((hierarchy) => script.startsWith(`${hierarchy}/`));
    })
    .map(planStop);
}

function findScript(unit: string): string | null {
  const name = serviceName(unit);
  if (name === null) return null;
  try {
    const { status, stdout } = runCommand(['rc-service', `--resolve=${name}`]);
    return status === 0 ? realpathSync(stdout.trim()) : null;
  } catch (error) {
    if (error instanceof CommandMissingError || isMissing(error)) return null;
    throw error;
  }
}
