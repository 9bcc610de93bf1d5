import { textOf } from '../../../host/bytes.js';
import type { LayerStack } from '../../../layers/layer.js';
import type { Tally } from '../../../layers/tally.js';
import { printable, quoted } from '../../printable.js';
import { count, enumerate, nameLayer } from '../words.js';

/** The layers of one hierarchy, and what each does. */
export interface Graph {
  readonly stack: LayerStack;
  /** One a layer. */
  readonly tallies: readonly Tally[];
}

/** One layer of the picture; text that is safe for a terminal. */
export interface Box {
  readonly kind: 'metadata' | 'extension' | 'write-directory' | 'memory' | 'host';
  readonly title: string;
  readonly lines: readonly string[];
}

/** The picture of one hierarchy, top layer first. */
export interface Picture {
  readonly title: string;
  readonly boxes: readonly Box[];
}

export function pictureOf({ stack, tallies }: Graph): Picture {
  const { hierarchy, isMerged, layers, metadata } = stack;
  const boxes = layers.map((layer, index): Box => {
    const { owner, source } = layer;
    const isNamed = owner.kind === 'extension';
    return {
      kind: owner.kind,
      title: printable(
        owner.kind === 'host' ? `the host's own ${source}` : isNamed ? owner.name : nameLayer(layer),
      ),
      lines: [...(isNamed ? [source] : []), ...linesOf(stack, tallies, index)].map(printable),
    };
  });
  const top: Box = { kind: 'metadata', title: `${metadata}`, lines: ['records of the merge'] };
  return {
    title: printable(
      isMerged ? `${hierarchy}: ${count(layers.length, 'layer')}` : `${hierarchy}: nothing merged`,
    ),
    boxes: isMerged ? [top, ...boxes] : boxes,
  };
}

function linesOf({ layers, path }: LayerStack, tallies: readonly Tally[], index: number): string[] {
  const layer = layers[index]!;
  const { adds, hides, hidden, lost } = tallies[index]!;
  if (layer.root === null) return ['could not be looked into'];
  const names = hidden.map((name) => quoted(textOf(name)));
  const more = hides > hidden.length ? [`${hides - hidden.length} more`] : [];
  return [
    ...(layer.owner.kind === 'host' ? [] : [adds > 0 ? `adds ${count(adds, 'file')}` : 'adds no file']),
    ...(hides > 0 ? [`hides ${hides} below: ${enumerate([...names, ...more])}`] : []),
    ...(lost > 0 ? [`${lost} of its own ${lost === 1 ? 'is' : 'are'} hidden`] : []),
    ...(layer.hasChanged ? [`changed since it was merged into ${textOf(path)}`] : []),
  ];
}
