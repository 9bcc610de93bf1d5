import type { ExtensionClass } from '../../extension-class.js';
import { CONFLICT_KINDS, type ConflictKind } from '../../layers/conflict-kind.js';
import type { Conflict } from '../../layers/conflicts.js';
import type { LayerStack } from '../../layers/layer.js';
import type { OpenStack } from '../../layers/lookup.js';
import type { Judged } from '../../layers/rules.js';
import { formatJson, type Json, type JsonFormat } from '../json.js';
import { quoted, quotedList } from '../printable.js';
import { headJson, layerJson } from './layer-json.js';
import { describeNotes, describeView, isIncomplete } from './notes.js';
import type { AskedView } from './view.js';
import { count, layerAt, lines, nameLayer, nameType, pathIn, placeOf } from './words.js';

/** A conflict, and where. */
interface Found extends Conflict {
  readonly stack: LayerStack;
  readonly isAllowed: boolean;
}

/** More are counted, but not kept. */
const MOST_KEPT = 100_000;

/** The conflicts of all hierarchies. */
export class ConflictList {
  readonly found: Found[] = [];
  readonly counts = new Map<ConflictKind, { all: number; allowed: number }>();
  omitted = 0;

  add(stack: LayerStack, conflict: Conflict, isAllowed: boolean): void {
    const counts = this.counts.get(conflict.kind) ?? { all: 0, allowed: 0 };
    this.counts.set(conflict.kind, counts);
    counts.all += 1;
    if (isAllowed) counts.allowed += 1;
    if (this.found.length < MOST_KEPT) this.found.push({ ...conflict, stack, isAllowed });
    else this.omitted += 1;
  }

  /** How many of a kind are not allowed. */
  open(kind: ConflictKind): number {
    const { all, allowed } = this.counts.get(kind) ?? { all: 0, allowed: 0 };
    return all - allowed;
  }
}

export interface Conflicts {
  readonly view: AskedView;
  readonly stacks: readonly OpenStack[];
  readonly list: ConflictList;
  readonly failOn: ReadonlySet<ConflictKind>;
  /** The file with patterns, and those of them that nothing fits. */
  readonly allow: string | null;
  readonly unused: readonly string[];
}

export function conflictStatus({ view, stacks, list, failOn }: Conflicts): 0 | 1 | 2 {
  if (isIncomplete(view, stacks)) return 2;
  return [...failOn].some((kind) => list.open(kind) > 0) ? 1 : 0;
}

export function conflictsReport(
  conflicts: Conflicts,
  { extensionClass, json }: { readonly extensionClass: ExtensionClass; readonly json: JsonFormat },
): string {
  if (json !== 'off') return formatJson(conflictsJson(conflicts, extensionClass), json);
  const { view, stacks, list, unused, allow } = conflicts;
  const kinds = CONFLICT_KINDS.filter((kind) => kind !== 'equal' && list.open(kind) > 0).reverse();
  return lines([
    describeView(view),
    ...kinds.flatMap((kind) => describeKind(conflicts, kind)),
    '',
    ...describeRest(conflicts),
    ...unused.map(
      (pattern) => `Mind: the pattern ${quoted(pattern)} in ${quoted(allow ?? '')} fits nothing.`,
    ),
    ...describeNotes(view, stacks).map((note) => `Mind: ${note}.`),
  ]);
}

/** What a kind means to somebody who sees it for the first time. */
const KIND_TEXTS: Readonly<Record<ConflictKind, string>> = {
  equal: 'Files that are the same in several layers, which does no harm',
  content: 'Files with other content: only that of the upper layer is seen',
  mode: 'Another mode or owner: that of the upper layer counts, also for a directory that several layers have',
  type: 'Something else under the same name: what is in the lower layer is hidden, with all that is below it',
  whiteout: 'Whiteouts: a mark in the upper layer removes what is in the lower one',
  opaque: 'Opaque directories: a mark in the upper layer hides all that the lower one has in this directory',
  modules:
    'Indexes of kernel modules: modules of the lower layer are not found, because the index of the upper one does not know them',
  library: 'Shared libraries: programs made for the one of the lower layer get the one of the upper layer',
  unit: 'Units of the service manager: that of the upper layer is used',
  mount: 'Covered by a mount: what is in the layer is not seen as long as something else is mounted there',
};

function describeKind({ list, failOn }: Conflicts, kind: ConflictKind): string[] {
  const found = list.found.filter((one) => one.kind === kind && !one.isAllowed);
  return [
    '',
    `${KIND_TEXTS[kind]} (${kind}${failOn.has(kind) ? '' : ', no failure'}):`,
    ...found.map((one) => `  ${describeConflict(one)}`),
  ];
}

/** Who wins, who is hidden. */
export function describeConflict({
  stack,
  kind,
  path,
  winner,
  loser,
}: Conflict & { readonly stack: LayerStack }): string {
  const where = pathIn(stack, path);
  const below = nameLayer(layerAt(stack, loser.layer));
  if (winner === null) return `${where}: what ${below} has there is covered by a mount`;
  const above = nameLayer(layerAt(stack, winner.layer));
  if (kind === 'whiteout') return `${where}: ${above} removes that of ${below}`;
  if (kind === 'opaque') return `${where}: ${above} hides what ${below} has in it`;
  if (kind === 'mode') return `${where}: ${above} (${modeOf(winner)}) wins over ${below} (${modeOf(loser)})`;
  if (kind === 'type' && winner.entry.type !== loser.entry.type)
    return `${where}: a ${nameType(winner.entry.type)} of ${above} hides the ${nameType(loser.entry.type)} of ${below}`;
  return `${where}: ${above} hides that of ${below}`;
}

function modeOf({ entry: { mode, uid, gid } }: Judged): string {
  return `mode ${mode.toString(8).padStart(4, '0')}, owner ${uid}:${gid}`;
}

function describeRest({ list, failOn, allow }: Conflicts): string[] {
  const total = CONFLICT_KINDS.reduce((sum, kind) => sum + (kind === 'equal' ? 0 : list.open(kind)), 0);
  const failures = [...failOn].reduce((sum, kind) => sum + list.open(kind), 0);
  const allowed = [...list.counts.values()].reduce((sum, counts) => sum + counts.allowed, 0);
  const equal = list.open('equal');
  return [
    total === 0
      ? 'No conflicts.'
      : `${count(total, 'conflict')}, ${failures} of them to be mended or allowed.`,
    ...(equal > 0
      ? [`${count(equal, 'file')} ${equal === 1 ? 'is' : 'are'} the same in several layers.`]
      : []),
    ...(allowed > 0
      ? [`${count(allowed, 'more is', 'more are')} allowed by ${quotedList([allow ?? ''])}.`]
      : []),
    ...(list.omitted > 0 ? [`${list.omitted} of these are only counted.`] : []),
  ];
}

/** By docs/schema/conflicts-1.json. */
function conflictsJson(conflicts: Conflicts, { name }: ExtensionClass): Json {
  const { view, stacks, list, failOn, unused } = conflicts;
  return {
    ...headJson('conflicts-1', name, view, stacks),
    failOn: [...failOn],
    counts: Object.fromEntries(
      CONFLICT_KINDS.map((kind) => [kind, { ...(list.counts.get(kind) ?? { all: 0, allowed: 0 }) }]),
    ),
    status: conflictStatus(conflicts),
    unusedPatterns: unused,
    omitted: list.omitted,
    conflicts: list.found.map((one) => ({
      kind: one.kind,
      path: pathIn(one.stack, one.path),
      winner: one.winner === null ? null : sideJson(one.stack, one.winner),
      loser: sideJson(one.stack, one.loser),
      allowed: one.isAllowed,
      text: describeConflict(one),
    })),
  };
}

function sideJson(stack: LayerStack, { layer, path, entry }: Judged): Json {
  const found = layerAt(stack, layer);
  return {
    layer: layerJson(found),
    path: placeOf(found, path),
    type: entry.type,
    mode: entry.mode.toString(8).padStart(4, '0'),
    uid: entry.uid,
    gid: entry.gid,
  };
}
