import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bytesOf } from '../../host/bytes.js';
import { identityOf } from '../../host/device.js';
import { readMountTable } from '../../host/mount-table.js';
import { findBelow, insideRoot } from '../../host/root.js';
import { discoverImages } from '../../images/discover.js';
import type { Image } from '../../images/image.js';
import { OPEN } from '../../images/policy/policy.js';
import type { Layer, LayerOwner, LayerStack } from '../../layers/layer.js';
import type { Workspace } from '../../mount/workspace.js';
import { compareOrigins } from '../../overlay/compare-origin.js';
import { HierarchyError } from '../../overlay/hierarchy-error.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { type Origin, parseOrigin, recordSource, type SourceRecord } from '../../overlay/origin.js';
import { buildStack } from '../../overlay/stack.js';
import { findSubmounts } from '../../overlay/submounts.js';
import type { LayerView, ViewNote } from '../../report/layers/view.js';
import { isPermissionError, searchFor } from '../context.js';
import { ownMounts } from '../find-detached.js';
import type { MergeContext } from '../merge-settings.js';
import { hinderedLayer, markSpaceOf, readableLayer, settle } from './make-layer.js';
import { type Opening, openForReading } from './open-image.js';
import { hostLayer } from './planned.js';
import { type UncoveredHost, uncoverHost } from './uncovered-host.js';

/** The layers of what is merged now, as the metadata tells of them. Images are opened once more. */
export function liveView(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
  workspace: Workspace,
): LayerView {
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  const origin = recordOf(merged);
  const names = [...new Set(merged.flatMap(({ merge }) => merge?.names ?? []))];
  const extensions = new Map(
    names.map((name) => [name, openMerged(context, name, origin?.extensions.get(name), workspace)]),
  );
  const host = uncoverHost(context.root, merged, workspace);
  const ours = ownMounts(merged, context.commandLine.extensionClass);
  const stacks = hierarchies.map((hierarchy) =>
    stackOf(context, hierarchy, { origin, extensions, host, ours }),
  );
  const changed = [...extensions].flatMap(([extension, { fields }]): ViewNote[] =>
    fields.length === 0 ? [] : [{ kind: 'changed', extension, fields }],
  );
  return {
    kind: 'live',
    stacks,
    notes: origin === null ? [{ kind: 'foreign-record' }, ...changed] : changed,
  };
}

/** The record of what is merged; `null` if it is not ours. */
export function recordOf(hierarchies: readonly Hierarchy[]): Origin | null {
  return parseOrigin(hierarchies.find(({ merge }) => merge?.origin)?.merge?.origin ?? '');
}

/** An extension that is merged. */
interface Merged {
  /** Below the root; `null` if nobody knows. */
  readonly source: string | null;
  readonly opening: Opening | null;
  /** What of the file or directory is not as it was then. */
  readonly fields: readonly string[];
}

function openMerged(
  context: MergeContext,
  name: string,
  record: SourceRecord | undefined,
  workspace: Workspace,
): Merged {
  const image = record === undefined ? findByName(context, name) : imageAt(context.root, name, record.path);
  const source = record?.path ?? (image === null ? null : insideRoot(context.root, image.path));
  if (image === null) return { source, opening: null, fields: [] };
  // It was let through when it was merged, whatever the policy is now.
  const opening = openForReading(context, image, OPEN, workspace);
  return { source, opening, fields: record === undefined ? [] : changesSince(name, record, image.path) };
}

function findByName(context: MergeContext, name: string): Image | null {
  return discoverImages(searchFor(context)).images.find((image) => image.name === name) ?? null;
}

function imageAt(root: string, name: string, inside: string): Image | null {
  const path = join(root, inside);
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return null;
    const kind = status.isDirectory() ? 'directory' : status.isFile() ? 'raw' : 'block';
    return { kind, name, path, entry: path, label: basename(path), time: 0n, versions: null };
  } catch (error) {
    if (isPermissionError(error)) return null;
    throw error;
  }
}

function changesSince(name: string, record: SourceRecord, path: string): readonly string[] {
  const now = recordSource(record.path, identityOf(path), record);
  const origin = (source: SourceRecord): Origin => ({
    mode: 'no',
    directories: new Map(),
    mountOptions: null,
    choice: null,
    extensions: new Map([[name, source]]),
  });
  return compareOrigins(origin(record), origin(now)).flatMap((change) =>
    change.kind === 'replaced' ? change.fields : [],
  );
}

interface Known {
  readonly origin: Origin | null;
  readonly extensions: ReadonlyMap<string, Merged>;
  readonly host: UncoveredHost;
  readonly ours: readonly string[];
}

function stackOf(context: MergeContext, hierarchy: Hierarchy, known: Known): LayerStack {
  const { root, commandLine } = context;
  const { name, path, merge } = hierarchy;
  const space = markSpaceOf(known.origin?.mountOptions ?? null);
  const extensions = (merge?.names ?? []).toReversed().flatMap((extension): Layer[] => {
    const owner = { kind: 'extension', name: extension } as const;
    return extensionLayer(owner, name, known.extensions.get(extension)!, space);
  });
  const own = hostLayer(known.host, root, hierarchy);
  const written =
    merge === null || known.origin === null ? [] : writtenLayers(context, hierarchy, known.origin);
  const isHostUpper = written === 'host';
  const layers = isHostUpper ? [...own, ...extensions] : [...written, ...extensions, ...own];
  return {
    hierarchy: name,
    path: bytesOf(insideRoot(root, path)),
    place: path,
    isMerged: merge !== null,
    layers: settle(layers),
    mounts:
      merge === null
        ? []
        : findSubmounts(readMountTable(), path, known.ours).map(({ relative }) => bytesOf(relative)),
    metadata: merge === null ? null : commandLine.extensionClass.metadataDirectory,
  };
}

function extensionLayer(
  owner: LayerOwner & { readonly kind: 'extension' },
  hierarchy: string,
  { source, opening, fields }: Merged,
  space: 'trusted' | 'user',
): Layer[] {
  const known = source ?? owner.name;
  if (opening === null) return [hinderedLayer(owner, known, hierarchy, { kind: 'gone' })];
  if (opening.kind === 'closed') return [hinderedLayer(owner, known, hierarchy, opening.hindrance)];
  if (opening.kind === 'unusable') return [hinderedLayer(owner, known, hierarchy, { kind: 'gone' })];
  try {
    const { opened } = opening;
    return buildStack(hierarchy, [opened]).extensions.map(({ path }) =>
      readableLayer(
        { owner, source: known, path, within: opened.root, hasChanged: fields.length > 0 },
        space,
      ),
    );
  } catch (error) {
    if (isPermissionError(error)) return [hinderedLayer(owner, known, hierarchy, { kind: 'permission' })];
    if (error instanceof HierarchyError) return [hinderedLayer(owner, known, hierarchy, { kind: 'gone' })];
    throw error;
  }
}

/** What was written, or is to be: top first. `host` if that is the host's own directory. */
function writtenLayers({ root }: MergeContext, { name, path }: Hierarchy, origin: Origin): Layer[] | 'host' {
  const memory = origin.mode === 'ephemeral' || origin.mode === 'ephemeral-import';
  const layers = memory ? [hinderedLayer({ kind: 'memory' }, 'memory', name, { kind: 'in-memory' })] : [];
  const recorded = origin.directories.get(name);
  if (recorded === undefined) return layers;
  const owner = { kind: 'write-directory' } as const;
  const directory = findBelow(root, recorded);
  if (directory === path) return 'host';
  if (directory === null) return [...layers, hinderedLayer(owner, recorded, name, { kind: 'gone' })];
  // Where write directories are marked, that is done by the kernel, in the space that the mount goes by.
  const space = markSpaceOf(origin.mountOptions);
  return [...layers, readableLayer({ owner, source: recorded, path: directory, within: directory }, space)];
}
