import type { MountedPart } from '../../mount/mounted-part.js';
import type { CheckReport } from '../../mount/open-verity.js';
import type { Cleanup, Step } from '../../overlay/step.js';
import type { ServiceStep } from '../../services/plan-services.js';
import type { DryRun } from './dry-run.js';

/** One thing that would be done; the steps of the plan, and what is done around them. */
export type Action =
  /** Of the root: nobody else may mount or unmount anything there. */
  | { readonly kind: 'lock'; readonly path: string }
  | { readonly kind: 'open-workspace'; readonly path: string }
  | {
      readonly kind: 'mount-image';
      readonly extension: string;
      readonly part: MountedPart;
      readonly checks: readonly CheckReport[];
    }
  | Step
  /** Take off all merges at a place, for good. */
  | { readonly kind: 'unmount'; readonly hierarchy: string; readonly path: string }
  /** Let go of the merges that were kept for the case of a failure. */
  | { readonly kind: 'release-kept'; readonly path: string }
  | Cleanup
  | { readonly kind: 'close-workspace'; readonly path: string }
  | { readonly kind: 'unlock'; readonly path: string }
  | { readonly kind: 'service'; readonly step: ServiceStep };

/** Everything that would be done, in the order in which it is. */
export function actionsOf({ outcome, services, workspace }: DryRun): Action[] {
  const path = `${workspace}.lock`;
  const service = (step: ServiceStep): Action => ({ kind: 'service', step });
  const first = services?.first.map(service) ?? [];
  const after = services?.after.steps.map(service) ?? [];
  if (outcome.kind === 'unmount')
    return [
      { kind: 'lock', path },
      ...first,
      ...outcome.detached.flatMap(unmount),
      { kind: 'unlock', path },
      ...after,
    ];
  if (outcome.kind !== 'steps') return [];
  const { plan, sources } = outcome;
  const removesWork = plan.cleanup.some(({ kind }) => kind === 'remove-work-directory');
  return [
    { kind: 'lock', path },
    { kind: 'open-workspace', path: workspace },
    ...sources
      .flatMap(({ name, parts, checks }) => parts.map((part) => ({ part, extension: name, checks })))
      // Root file systems first, since others are mounted in them.
      .toSorted((a, b) => depthOf(a.part) - depthOf(b.part))
      .map((mounted): Action => ({ kind: 'mount-image', ...mounted })),
    ...first,
    ...plan.steps,
    ...(removesWork ? [{ kind: 'release-kept', path: workspace } as const] : []),
    ...plan.cleanup,
    { kind: 'close-workspace', path: workspace },
    { kind: 'unlock', path },
    ...after,
  ];
}

const depthOf = ({ at }: MountedPart): number => at.split('/').length;

function unmount({
  hierarchy: { name, path },
  work,
}: (DryRun['outcome'] & { kind: 'unmount' })['detached'][number]): Action[] {
  return [
    { kind: 'unmount', hierarchy: name, path },
    ...(work === null ? [] : [{ kind: 'remove-work-directory', path: work } as const]),
  ];
}
