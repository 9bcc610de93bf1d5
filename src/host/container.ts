import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The container that this process is in, by the name of what made it (`docker`, `podman`, `systemd-nspawn`, `lxc`, …), as far
 * as that has left a mark: `/run/systemd/container` (https://systemd.io/CONTAINER_INTERFACE), `/run/.containerenv` of podman,
 * `/.dockerenv` of docker.
 *
 * @param root where the marks are looked for; the tests have others
 * @returns `null` where there is none
 */
export function detectContainer(root = '/'): string | null {
  const named = read(join(root, 'run/systemd/container'));
  if (named !== null && /^[\w.-]{1,64}$/.test(named)) return named;
  if (existsSync(join(root, 'run/.containerenv'))) return 'podman';
  return existsSync(join(root, '.dockerenv')) ? 'docker' : null;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
