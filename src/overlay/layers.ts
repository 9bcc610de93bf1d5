import { MAX_LAYERS } from './lower-directories.js';
import type { Step } from './step.js';

/** More layers than overlayfs can stack. */
export class TooManyLayersError extends Error {
  constructor(
    readonly hierarchy: string,
    readonly layers: number,
    readonly limit: number,
  ) {
    super(`${layers} layers for '${hierarchy}'`);
  }
}

/**
 * The lower directories of an overlay, top first; the host's own directory is the last one, if it is one.
 *
 * @param hasHost whether there is anything in the host's directory
 * @throws TooManyLayersError
 */
export function layersOf(
  step: Extract<Step, { kind: 'mount-overlay' }>,
  hasHost: boolean,
): [metadata: string, ...below: string[]] {
  const imported = step.imported === null ? [] : [step.imported];
  const host = step.upper?.kind !== 'host' && hasHost ? [step.host] : [];
  const below = [...imported, ...step.extensions.map((layer) => layer.path), ...host];
  // overlayfs wants two lower directories, or one and an upper directory: then an empty one will do.
  if (below.length === 0 && step.upper === null) below.push(step.host);
  if (below.length + 1 > MAX_LAYERS)
    throw new TooManyLayersError(step.hierarchy, below.length + 1, MAX_LAYERS);
  return [step.metadata, ...below];
}
