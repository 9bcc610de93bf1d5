import type { ExtensionClass } from '../../extension-class.js';
import { textOf } from '../../host/bytes.js';
import { readTarget } from '../../layers/entry.js';
import type { Location } from '../../layers/lookup.js';
import type { Other } from '../../layers/provider.js';
import { type Judged, mergedOf, shownOf } from '../../layers/rules.js';
import type { Json } from '../json.js';
import { headJson, layerJson } from './layer-json.js';
import { describeFound, type Found, type Which, whichStatus } from './which.js';
import { layerAt, pathIn, placeOf } from './words.js';

/** By docs/schema/which-1.json. */
export function whichJson({ view, stacks, found }: Which, extensionClass: ExtensionClass): Json {
  return {
    ...headJson('which-1', extensionClass.name, view, stacks),
    paths: found.map((one) => foundJson(one, extensionClass)),
  };
}

function foundJson(found: Found, extensionClass: ExtensionClass): Json {
  const { asked, location, provider, children } = found;
  const shown = provider.kind === 'copy' ? provider.copy : null;
  const others = 'others' in provider ? provider.others : [];
  return {
    asked,
    path: textOf(location.path),
    links: location.links.map(({ path, target }) => ({ path: textOf(path), target: textOf(target) })),
    kind: provider.kind,
    status: whichStatus([found]),
    mount: location.kind === 'mount' ? pathIn(location.in.stack, location.mount) : null,
    provider: providerJson(found),
    target:
      shown?.entry.type === 'symlink' && location.kind === 'layers'
        ? textOf(readTarget(location.in.reader.pathOf(shown)))
        : null,
    others: others.map((other) => otherJson(location, other)),
    entries:
      children === null
        ? null
        : children.map(({ name, copies }) => childJson(location, textOf(name), copies)),
    text: describeFound(found, extensionClass).map((line) => line.trim()),
  };
}

function providerJson({ location, provider }: Found): Json {
  if (location.kind !== 'layers') return null;
  if (provider.kind === 'copy') return copyJson(location, provider.copy);
  if (provider.kind !== 'by-elimination') return null;
  return { layer: layerJson(layerAt(location.in.stack, provider.layer)), path: null, type: null };
}

function copyJson(location: Location & { readonly kind: 'layers' | 'mount' }, copy: Judged) {
  const layer = layerAt(location.in.stack, copy.layer);
  return { layer: layerJson(layer), path: placeOf(layer, copy.path), type: copy.entry.type };
}

function otherJson(location: Location, { copy, difference }: Other): Json {
  if (location.kind !== 'layers' && location.kind !== 'mount') return null;
  const { stack } = location.in;
  const { fate, hiddenAt } = copy;
  const by = fate.kind === 'hidden' ? fate.by : null;
  return {
    ...copyJson(location, copy),
    fate: fate.kind,
    cover: fate.kind === 'hidden' ? fate.cover : null,
    by: by === null ? null : layerJson(layerAt(stack, by)),
    at: hiddenAt === null ? null : pathIn(stack, hiddenAt),
    difference,
  };
}

function childJson(location: Location, name: string, copies: readonly Judged[]): Json {
  if (location.kind !== 'layers') return null;
  const { stack } = location.in;
  const merged = mergedOf(copies);
  const shown = shownOf(copies);
  const from = merged.length > 0 ? merged : shown === undefined ? [] : [shown];
  const hidden = copies.filter(({ fate }) => fate.kind === 'hidden');
  const layers = (list: readonly Judged[]) => list.map(({ layer }) => layerJson(layerAt(stack, layer)));
  return { name, type: shown?.entry.type ?? null, layers: layers(from), hides: layers(hidden) };
}
