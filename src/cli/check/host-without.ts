import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedHost } from '../../check/image.js';
import { mayMount } from '../../host/privileges.js';
import type { Hindrance, Layer } from '../../layers/layer.js';
import { openLookingPlace } from '../../mount/looking-place.js';
import { MountFailedError } from '../../mount/mount-command.js';
import type { Workspace } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import type { Caveat } from '../../report/check/checked.js';
import { type Context, readHierarchies } from '../context.js';
import { liveView, recordOf } from '../layers/live.js';
import { hinderedLayer, markSpaceOf } from '../layers/make-layer.js';
import { uncoveredPlace } from '../layers/uncovered-host.js';
import { withMergeSettings } from '../merge-settings.js';
import { mountRest, type Rest } from './mount-rest.js';

/** What an image is compared with. */
export interface Compared {
  readonly host: CheckedHost | null;
  readonly caveat: Caveat | null;
}

/** Gives an action the host as it is without the extension of a name. */
export type HostWithout = <Result>(name: string, action: (compared: Compared) => Result) => Result;

/** Whether one of the extensions is merged, so that it has to be taken off the host before it is compared with that. */
export function isAnyMerged(context: Context, names: readonly string[]): boolean {
  const merged = findMerged(context);
  return names.some((name) => merged.has(name));
}

function findMerged(context: Context): ReadonlySet<string> {
  return new Set(readHierarchies(context).flatMap(({ merge }) => merge?.names ?? []));
}

/**
 * The host that an extension would be merged over, for each extension that is checked: what else is merged stays, also what was
 * written there, and what is mounted below. Where all of that is put together once more, nobody else should see it: this takes a
 * mount namespace of its own, if it may mount at all.
 *
 * @param names of all that will be checked
 * @throws MountFailedError, CommandMissingError, the errors of liveView()
 */
export function withHosts<Result>(
  context: Context,
  host: CheckedHost | null,
  names: readonly string[],
  action: (hostWithout: HostWithout) => Result,
): Result {
  const asItIs: Compared = { host, caveat: null };
  const merged: ReadonlySet<string> = host === null ? new Set() : findMerged(context);
  if (host === null || !names.some((name) => merged.has(name))) return action((_, check) => check(asItIs));
  if (!mayMount()) {
    const covered = coveredBy(context, host, { kind: 'not-privileged' });
    return action((name, check) => check(merged.has(name) ? covered : asItIs));
  }
  const { workspace, close } = openLookingPlace();
  try {
    const parts = takeApart(context, workspace);
    return action((name, check) =>
      merged.has(name) ? withRest(context, host, parts, name, check) : check(asItIs),
    );
  } finally {
    close();
  }
}

const coveredBy = ({ root }: Context, host: CheckedHost, hindrance: Hindrance): Compared => ({
  host,
  caveat: { kind: 'merged-host', layer: hinderedLayer({ kind: 'host' }, root, root, hindrance) },
});

/** The layers of the merge, and the host below it. */
interface Parts {
  readonly workspace: Workspace;
  readonly rest: Omit<Rest, 'leaveOut'>;
  /** Why nobody can look under the merge. */
  readonly hindrance: Hindrance | null;
}

function takeApart(context: Context, workspace: Workspace): Parts {
  const hierarchies: readonly Hierarchy[] = readHierarchies(context);
  const { stacks } = liveView(withMergeSettings(context), hierarchies, workspace);
  const merged = stacks.filter(({ isMerged }) => isMerged);
  const covered = merged.flatMap(({ layers }) => layers).find(isHinderedHost);
  return {
    workspace,
    rest: {
      root: context.root,
      copy: uncoveredPlace(workspace),
      stacks: merged,
      space: markSpaceOf(recordOf(hierarchies)?.mountOptions ?? null),
    },
    hindrance: covered?.hindrance ?? null,
  };
}

const isHinderedHost = ({ owner, root }: Layer) => owner.kind === 'host' && root === null;

function withRest<Result>(
  context: Context,
  host: CheckedHost,
  { workspace, rest, hindrance }: Parts,
  name: string,
  check: (compared: Compared) => Result,
): Result {
  if (hindrance !== null) return check(coveredBy(context, host, hindrance));
  const leaveOut = ({ owner }: Layer) => owner.kind === 'extension' && owner.name === name;
  const at = mkdtempSync(join(workspace.directory, 'rest-'));
  let unmount: () => void;
  try {
    unmount = mountRest({ ...rest, leaveOut }, at, workspace.lock);
  } catch (error) {
    if (!(error instanceof MountFailedError)) throw error;
    return check(coveredBy(context, host, { kind: 'failed', cause: error }));
  }
  try {
    const gone = rest.stacks.flatMap(({ layers }) =>
      layers.filter((layer) => layer.root === null && !leaveOut(layer)),
    );
    const caveat: Caveat | null = gone.length === 0 ? null : { kind: 'left-out', layers: gone };
    return check({ host: { ...host, root: rest.copy }, caveat });
  } finally {
    unmount();
  }
}
