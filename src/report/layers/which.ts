import type { ExtensionClass } from '../../extension-class.js';
import { type Bytes, textOf } from '../../host/bytes.js';
import type { Difference } from '../../layers/compare.js';
import { readTarget } from '../../layers/entry.js';
import type { Located, Location, OpenStack } from '../../layers/lookup.js';
import type { Other, Provider } from '../../layers/provider.js';
import { type Judged, mergedOf, shownOf } from '../../layers/rules.js';
import { formatJson, type JsonFormat } from '../json.js';
import { quoted } from '../printable.js';
import { formatTable } from '../table.js';
import { describeNotes, describeView } from './notes.js';
import type { AskedView } from './view.js';
import { whichJson } from './which-json.js';
import { describeCover, enumerate, layerAt, lines, nameLayer, nameType, pathIn, placeOf } from './words.js';

/** What was found out about one path. */
export interface Found {
  readonly asked: string;
  readonly location: Location;
  readonly provider: Provider;
  /** Of a directory, if they were asked for. */
  readonly children: readonly { readonly name: Bytes; readonly copies: readonly Judged[] }[] | null;
}

export interface Which {
  readonly view: AskedView;
  readonly stacks: readonly OpenStack[];
  readonly found: readonly Found[];
}

/** 0: all are there; 1: one is not; 2: of one that is not known. */
export function whichStatus(found: readonly Found[]): 0 | 1 | 2 {
  const statuses = found.map(({ provider }) => statusOf(provider));
  return statuses.includes(2) ? 2 : statuses.includes(1) ? 1 : 0;
}

function statusOf(provider: Provider): 0 | 1 | 2 {
  switch (provider.kind) {
    case 'unknown':
    case 'changed':
      return 2;
    case 'missing':
    case 'circle':
      return 1;
    case 'mount':
    case 'outside':
      return provider.exists ? 0 : 1;
    default:
      return 0;
  }
}

export async function whichReport(
  which: Which,
  { extensionClass, json }: { readonly extensionClass: ExtensionClass; readonly json: JsonFormat },
): Promise<string> {
  if (json !== 'off') return formatJson(whichJson(which, extensionClass), json);
  const { view, stacks, found } = which;
  const texts = [lines([describeView(view)])];
  for (const one of found) {
    texts.push(lines(describeFound(one, extensionClass)));
    if (one.children !== null) texts.push(await childrenTable(one));
  }
  texts.push(lines(describeNotes(view, stacks).map((note) => `Mind: ${note}.`)));
  return texts.join('');
}

/** One path: a sentence, and one for each other copy. */
export function describeFound(found: Found, extensionClass: ExtensionClass): string[] {
  const { location, provider } = found;
  const links = location.links.map(
    ({ path, target }) => `  On the way ${quoted(textOf(path))} is a symlink to ${quoted(textOf(target))}.`,
  );
  const others = 'others' in provider ? provider.others.map((other) => describeOther(found, other)) : [];
  return [`${describeProvider(found, extensionClass)}.`, ...links, ...others.map((text) => `  ${text}.`)];
}

function describeProvider({ location, provider }: Found, { hierarchies }: ExtensionClass): string {
  const path = textOf(location.path);
  switch (provider.kind) {
    case 'copy':
      return `${path} ${describeCopy(location, provider.copy)}`;
    case 'by-elimination':
      return `${path} is from ${nameOf(location, provider.layer)}: it is there, and no other layer has it`;
    case 'unknown':
      return `${path}: it cannot be told where it is from, or whether it is there, for ${enumerate(provider.layers.map((layer) => nameOf(location, layer)))} could not be looked into`;
    case 'changed':
      return `${path}: what is seen there is from none of the layers as they are now; a layer was changed after it was merged${isUnmarked(location) ? ', or has a mark that only root can see' : ''}`;
    case 'missing':
      return `${path} does not exist`;
    case 'mount':
      return provider.exists
        ? `${path} is on what is mounted at ${quoted(mountOf(location))}, which covers all layers`
        : `${path} does not exist: what is mounted at ${quoted(mountOf(location))} has no such file, and covers all layers`;
    case 'metadata':
      return `${path} is made by the merge itself, for its records`;
    case 'outside':
      return provider.exists
        ? `${path} is the host's: it is not in ${enumerate(hierarchies)}, so nothing is merged there`
        : `${path} does not exist, and is not in ${enumerate(hierarchies)}, where extensions are merged`;
    case 'circle':
      return `${path} cannot be looked up: there are too many symlinks on the way`;
  }
}

function describeCopy(location: Location, copy: Located): string {
  if (location.kind !== 'layers') return '';
  const { stack } = location.in;
  const from = `from ${nameLayer(layerAt(stack, copy.layer))} (${placeOf(layerAt(stack, copy.layer), copy.path)})`;
  if (copy.entry.type === 'symlink') {
    const target = textOf(readTarget(location.in.reader.pathOf(copy)));
    return `is ${from}, a symlink to ${quoted(target)}`;
  }
  const merged = location.below === '' ? location.copies : mergedOf(location.copies);
  if (merged.length < 2) return `is ${from}`;
  const names = merged.map(({ layer }) => nameLayer(layerAt(stack, layer)));
  return `is a directory of ${enumerate(names)}, seen as one`;
}

const DIFFERENCES: Readonly<Record<Difference, string>> = {
  type: 'it is something else',
  content: 'its content is another one',
  mode: 'only its mode or owner is another one',
  equal: 'it is the same',
};

function describeOther({ location }: Found, { copy, difference }: Other): string {
  if (location.kind !== 'layers' && location.kind !== 'mount') return '';
  const { stack } = location.in;
  const layer = layerAt(stack, copy.layer);
  const name = `${nameLayer(layer)} (${placeOf(layer, copy.path)})`;
  const mode = difference === 'mode' ? '; its mode or owner is another one, and does not count' : '';
  if (copy.fate.kind === 'merged') return `Also of ${name}${mode}`;
  if (copy.fate.kind === 'whiteout') return `Removed by a whiteout of ${name}`;
  if (copy.fate.kind === 'shown') return `There is one of ${name}`;
  const at = copy.hiddenAt === null ? null : pathIn(stack, copy.hiddenAt);
  const type = difference === 'type' ? `, a ${nameType(copy.entry.type)}` : '';
  // That two directories are the same says nothing of what is in them.
  const isSaid = difference === 'equal' ? copy.entry.type !== 'directory' : difference !== 'type';
  const compared = difference === null || !isSaid ? '' : `; ${DIFFERENCES[difference]}`;
  return `Hidden is that of ${name}${type}: ${describeCover(stack, copy, at)}${compared}`;
}

function isUnmarked(location: Location): boolean {
  return location.kind === 'layers' && location.in.stack.layers.some(({ marks }) => !marks.known);
}

function nameOf(location: Location, layer: number): string {
  return location.kind === 'layers' ? nameLayer(layerAt(location.in.stack, layer)) : '';
}

function mountOf(location: Location): string {
  return location.kind === 'mount' ? pathIn(location.in.stack, location.mount) : '';
}

async function childrenTable({ location, children }: Found): Promise<string> {
  if (location.kind !== 'layers') return '';
  const { stack } = location.in;
  const name = (layer: number) => nameLayer(layerAt(stack, layer));
  const rows = (children ?? []).map(({ name: file, copies }) => {
    const merged = mergedOf(copies);
    const shown = shownOf(copies);
    const from =
      merged.length > 0 ? merged.map(({ layer }) => name(layer)) : shown ? [name(shown.layer)] : [];
    const hidden = copies.filter(({ fate }) => fate.kind === 'hidden').map(({ layer }) => name(layer));
    const isMount = copies.some(({ fate }) => fate.kind === 'hidden' && fate.cover === 'mount');
    return [
      `  ${textOf(file)}${merged.length > 0 ? '/' : ''}`,
      isMount ? 'a mount' : from.length > 0 ? from.join(', ') : 'removed',
      hidden.length > 0 ? `hides ${hidden.join(', ')}` : '',
    ];
  });
  return (await formatTable(null, rows)).replace(/ +$/gm, '');
}
