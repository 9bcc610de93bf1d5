/** Options of container engines that give a container what it lacks. */
export const PRIVILEGED = '--privileged';
export const DEVICES = '--volume=/dev:/dev';

/** What to do in a container of an engine, or of another one. */
export function startWith(engine: string, flags: readonly string[]): string {
  return engine === 'docker' || engine === 'podman'
    ? `start the container with ${flags.join(' ')}`
    : `give the container the rights of the machine's root and its /dev, as '${engine}' has it`;
}
