import { bytesOf } from '../../host/bytes.js';
import { insideRoot, resolveNewBelow } from '../../host/root.js';
import type { Image } from '../../images/image.js';
import type { Layer, LayerStack } from '../../layers/layer.js';
import type { OpenImage } from '../../mount/open-extensions.js';
import type { Workspace } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import type { Target } from '../../overlay/plan.js';
import { hasEntries } from '../../overlay/stack.js';
import type { HostRelease } from '../../release/host-release.js';
import { readHostRelease } from '../../release/host-release.js';
import { judgeImage } from '../../release/matching.js';
import type { LayerView, ViewNote } from '../../report/layers/view.js';
import { chooseTargets } from '../choose-targets.js';
import { isPermissionError } from '../context.js';
import type { MergeContext } from '../merge-settings.js';
import { policyOf } from '../protect-images.js';
import { hinderedLayer, markSpaceOf, readableLayer, settle } from './make-layer.js';
import { type Opening, openForReading } from './open-image.js';
import { type UncoveredHost, uncoverHost } from './uncovered-host.js';

/**
 * The layers that `merge` or `refresh` would make, decided by the functions that decide it there.
 *
 * @param images those that were chosen, in the order of their layers
 * @throws the errors by which a merge would fail before it mounts anything
 */
export function plannedView(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
  images: readonly Image[],
  workspace: Workspace,
): LayerView {
  const release = readHostRelease(context.root, context.env);
  const openings = images
    .map((image) => openForReading(context, image, policyOf(context, image), workspace))
    .flatMap((opening) => judge(context, release, opening));
  const accepted = openings.flatMap((opening) => (opening.kind === 'open' ? [opening.opened] : []));
  const targets = chooseTargets(context, workspace, hierarchies, accepted);
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  const host = uncoverHost(context.root, merged, workspace);
  const stacks = context.hierarchies.map((hierarchy) =>
    stackOf(context, hierarchy, { targets, hierarchies, openings, host }),
  );
  const notes = openings.flatMap((opening): ViewNote[] =>
    opening.kind === 'unusable'
      ? [{ kind: 'unusable', extension: opening.image.name, problem: opening.problem }]
      : [],
  );
  return { kind: 'planned', stacks, notes };
}

/** Leaves out what does not fit the host; of what cannot be read nobody knows. */
function judge(
  { commandLine: { extensionClass, force } }: MergeContext,
  host: HostRelease,
  opening: Opening,
): Opening[] {
  if (opening.kind !== 'open') return [opening];
  const { image, opened } = opening;
  const { verdict, release } = judgeImage(opened.root, opened.name, host, extensionClass, force);
  if (release.kind === 'unreadable' && isPermissionError(release.cause))
    return [{ kind: 'closed', image, hindrance: { kind: 'permission' } }];
  return verdict.kind === 'accepted' ? [opening] : [];
}

interface Decided {
  readonly targets: readonly Target[];
  readonly hierarchies: readonly Hierarchy[];
  readonly openings: readonly Opening[];
  readonly host: UncoveredHost;
}

function stackOf(context: MergeContext, hierarchy: string, decided: Decided): LayerStack {
  const { root, mountOptions, commandLine } = context;
  const target = decided.targets.find((one) => one.hierarchy === hierarchy);
  const found = decided.hierarchies.find(({ name }) => name === hierarchy);
  const path = target?.path ?? found?.path ?? resolveNewBelow(root, hierarchy);
  const space = markSpaceOf(mountOptions);
  const own = found === undefined ? [] : hostLayer(decided.host, root, found);
  const writing = target?.writing;
  const written = [writing?.imported, writing?.upper?.kind === 'directory' ? writing.upper.path : null];
  const writeLayers = written.flatMap((directory) =>
    directory == null
      ? []
      : [
          readableLayer(
            {
              owner: { kind: 'write-directory' },
              source: insideRoot(root, directory),
              path: directory,
              within: directory,
            },
            space,
          ),
        ],
  );
  const extensions = decided.openings.toReversed().flatMap((opening): Layer[] => {
    const { image } = opening;
    const owner = { kind: 'extension', name: image.name } as const;
    const source = insideRoot(root, image.path);
    if (opening.kind === 'closed') return [hinderedLayer(owner, source, hierarchy, opening.hindrance)];
    const layer = target?.extensions.find(({ extension }) => extension === image.name);
    if (opening.kind === 'unusable' || layer === undefined) return [];
    return [
      readableLayer({ owner, source, path: layer.path, within: (opening.opened as OpenImage).root }, space),
    ];
  });
  const isHostUpper = writing?.upper?.kind === 'host';
  const layers = isHostUpper ? [...own, ...extensions] : [...writeLayers, ...extensions, ...own];
  return {
    hierarchy,
    path: bytesOf(insideRoot(root, path)),
    place: path,
    isMerged: target !== undefined,
    layers: settle(layers),
    mounts: (target?.submounts ?? []).map(({ relative }) => bytesOf(relative)),
    metadata: target === undefined ? null : commandLine.extensionClass.metadataDirectory,
  };
}

/** The host's own directory; an empty one is no layer. */
export function hostLayer(host: UncoveredHost, root: string, { path, merge }: Hierarchy): Layer[] {
  const inside = insideRoot(root, path);
  const owner = { kind: 'host' } as const;
  if (merge !== null && host.kind === 'covered')
    return [hinderedLayer(owner, inside, inside, host.hindrance)];
  const within = merge !== null && host.kind === 'uncovered' ? host.root : root;
  const directory = within === '/' ? inside : `${within}${inside === '/' ? '' : inside}`;
  if (!hasEntries(directory)) return [];
  return [readableLayer({ owner, source: inside, path: directory, within }, 'trusted')];
}
