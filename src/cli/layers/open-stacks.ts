import type { OpenStack } from '../../layers/lookup.js';
import { LayerReader } from '../../layers/reader.js';
import type { LayerView } from '../../report/layers/view.js';

/** The stacks of a view, ready to be read. */
export function openStacks({ stacks }: LayerView): OpenStack[] {
  return stacks.map((stack) => ({ stack, reader: new LayerReader(stack.layers) }));
}
