import { bytesOf, textOf } from '../../host/bytes.js';
import type { Layer, LayerStack } from '../../layers/layer.js';
import type { OpenStack } from '../../layers/lookup.js';
import type { Json } from '../json.js';
import { describeNotes } from './notes.js';
import type { LayerView } from './view.js';
import { describeHindrance } from './words.js';

/** The head that the JSON of all verbs on layers has. */
export function headJson(
  schema: string,
  className: string,
  view: LayerView,
  opened: readonly OpenStack[],
): Readonly<Record<string, Json>> {
  return {
    schema,
    class: className,
    kind: view.kind,
    notes: describeNotes(view, opened),
    hierarchies: view.stacks.map(stackJson),
  };
}

function stackJson({ hierarchy, path, isMerged, layers, mounts }: LayerStack): Json {
  return {
    hierarchy,
    path: textOf(path),
    merged: isMerged,
    mounts: mounts.map((mount) => textOf(path === '/' ? bytesOf(`/${mount}`) : `${path}/${mount}`)),
    layers: layers.map((layer) => ({
      ...layerJson(layer),
      inside: layer.inside,
      changed: layer.hasChanged,
      problem: layer.root === null ? describeHindrance(layer) : null,
    })),
  };
}

/** Which layer is meant. */
export function layerJson({ owner, source }: Layer): { readonly [key: string]: Json } {
  return { kind: owner.kind, name: owner.kind === 'extension' ? owner.name : null, source };
}
