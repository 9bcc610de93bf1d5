import type { ExtensionClass } from '../../../extension-class.js';
import { textOf } from '../../../host/bytes.js';
import type { OpenStack } from '../../../layers/lookup.js';
import { formatJson, type Json, type JsonFormat } from '../../json.js';
import { headJson, layerJson } from '../layer-json.js';
import { describeNotes, describeView } from '../notes.js';
import type { AskedView } from '../view.js';
import { lines } from '../words.js';
import { type Graph, pictureOf } from './boxes.js';
import { drawMermaid } from './mermaid.js';
import { drawSvg } from './svg.js';
import { drawText, type Terminal } from './text.js';

export interface Graphs {
  readonly view: AskedView;
  readonly stacks: readonly OpenStack[];
  readonly graphs: readonly Graph[];
}

/** The layers as a picture, or as JSON. */
export async function graphReport(
  { view, stacks, graphs }: Graphs,
  {
    extensionClass,
    json,
    format,
  }: {
    readonly extensionClass: ExtensionClass;
    readonly json: JsonFormat;
    readonly format: 'text' | 'mermaid' | 'svg';
  },
  terminal: Terminal,
): Promise<string> {
  if (json !== 'off') {
    const head = headJson('graph-1', extensionClass.name, view, stacks);
    return formatJson({ ...head, graphs: graphs.map(graphJson) }, json);
  }
  const pictures = graphs.map(pictureOf);
  if (format === 'svg') return drawSvg(pictures);
  if (format === 'mermaid') return drawMermaid(pictures);
  const notes = describeNotes(view, stacks).map((note) => `Mind: ${note}.`);
  return [lines([describeView(view)]), await drawText(pictures, terminal), lines(notes)].join('');
}

function graphJson({ stack, tallies }: Graph): Json {
  return {
    hierarchy: stack.hierarchy,
    merged: stack.isMerged,
    layers: stack.layers.map((layer, index) => {
      const { adds, hides, hidden, lost } = tallies[index]!;
      const isRead = layer.root !== null;
      return {
        layer: layerJson(layer),
        adds: isRead && layer.owner.kind !== 'host' ? adds : null,
        hides: isRead ? hides : null,
        hidden: hidden.map(textOf),
        lost: isRead ? lost : null,
      };
    }),
  };
}
