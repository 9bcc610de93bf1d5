import type { Hierarchy } from '../../overlay/metadata.js';
import { parseOrigin } from '../../overlay/origin.js';
import type { Target } from '../../overlay/plan.js';

export type HierarchyState = 'not-merged' | 'read-only' | 'writable';

/** What a hierarchy is. */
export function stateNow(hierarchy: Hierarchy | undefined): HierarchyState {
  if (hierarchy === undefined || hierarchy.merge === null) return 'not-merged';
  const mode = parseOrigin(hierarchy.merge.origin ?? '')?.mode;
  return hierarchy.merge.work !== null || mode?.startsWith('ephemeral') ? 'writable' : 'read-only';
}

/** What it would be. */
export function stateThen(target: Target | undefined): HierarchyState {
  if (target === undefined) return 'not-merged';
  return target.writing.upper === null ? 'read-only' : 'writable';
}
