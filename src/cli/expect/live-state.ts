import type { OpenStack } from '../../layers/lookup.js';
import type { Workspace } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import type { Candidate, ExplainedHost } from '../../report/explanation/candidate.js';
import { nameOf } from '../../report/explanation/fates.js';
import type { Chosen } from '../chosen.js';
import { explainCandidate, findInstalledCandidates } from '../explain/candidates.js';
import { chooseHosts } from '../explain/hosts.js';
import { liveView } from '../layers/live.js';
import { openStacks } from '../layers/open-stacks.js';
import type { MergeContext } from '../merge-settings.js';

/** The machine as it is. What takes time to find out is found out when an assertion asks for it, and once. */
export interface LiveState {
  readonly context: MergeContext;
  readonly hierarchies: readonly Hierarchy[];
  /** The layers of what is merged. */
  readonly stacks: () => readonly OpenStack[];
  readonly hosts: () => readonly ExplainedHost[];
  /** What is installed by a name, as `explain` sees it; `null` if nothing is. */
  readonly candidate: (name: string) => Candidate | null;
}

export function liveState(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
  chosen: Chosen,
  workspace: Workspace,
): LiveState {
  const hosts = once(() => chooseHosts(context));
  const installed = once(() => findInstalledCandidates(chosen));
  return {
    context,
    hierarchies,
    stacks: once(() => openStacks(liveView(context, hierarchies, workspace))),
    hosts,
    candidate(name) {
      // Beside an image there can be others of its name, which it hides.
      const ofName = installed().filter(({ found }) => 'name' in found && found.name === name);
      const one = ofName.find(({ found }) => 'path' in found) ?? ofName.at(0) ?? byFileName(name);
      return one === undefined ? null : explainCandidate(context, hosts(), chosen, one);
    },
  };

  /** What has no usable name is known by that of its file. */
  function byFileName(name: string) {
    return installed().find(
      ({ found }) =>
        !('name' in found) && nameOf({ kind: 'passed-over', passedOver: found }).endsWith(`/${name}`),
    );
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
