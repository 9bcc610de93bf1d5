import { type Bytes, bytesOf, joinBytes, textOf } from '../../host/bytes.js';
import type { EntryType } from '../../layers/entry.js';
import type { Layer, LayerStack } from '../../layers/layer.js';
import type { Judged } from '../../layers/rules.js';
import { describeError } from '../errors.js';
import { printable, quoted } from '../printable.js';

/** `'a'`, `the host`: whose a layer is. */
export function nameLayer({ owner, source }: Layer): string {
  switch (owner.kind) {
    case 'extension':
      return quoted(owner.name);
    case 'write-directory':
      return `the write directory ${quoted(source)}`;
    case 'memory':
      return 'what was written to memory';
    case 'host':
      return 'the host';
  }
}

export function layerAt(stack: LayerStack, index: number): Layer {
  return stack.layers[index]!;
}

/** A path below a hierarchy as everybody writes it. */
export function pathIn(stack: LayerStack, below: Bytes): string {
  return textOf(joinBytes(stack.path, below));
}

/** Where a copy lies: in the directory that is the layer, or inside of the image. */
export function placeOf(layer: Layer, path: Bytes): string {
  const inside = textOf(joinBytes(bytesOf(layer.inside), path));
  if (layer.owner.kind === 'host') return inside;
  if (layer.owner.kind === 'write-directory') return textOf(joinBytes(bytesOf(layer.source), path));
  return layer.source.endsWith('/') ? `${layer.source}${inside.slice(1)}` : `${layer.source}${inside}`;
}

const TYPE_WORDS: Readonly<Record<EntryType, string>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  fifo: 'FIFO',
  socket: 'socket',
  character: 'device node',
  block: 'device node',
  whiteout: 'whiteout',
};

export function nameType(type: EntryType): string {
  return TYPE_WORDS[type];
}

/** Why a copy is hidden, as the end of a sentence about it. */
export function describeCover(stack: LayerStack, { fate }: Judged, at: string | null): string {
  if (fate.kind !== 'hidden') return '';
  const by = fate.by === null ? '' : nameLayer(layerAt(stack, fate.by));
  const what = at === null ? '' : ` ${quoted(at)}`;
  switch (fate.cover) {
    case 'mount':
      return `a mount${at === null ? '' : ` at ${quoted(at)}`} covers it`;
    case 'whiteout':
      return `${by} removes${what || ' it'} (whiteout)`;
    case 'opaque':
      return `the directory${what} of ${by} is opaque`;
    case 'directory':
      return at === null ? `it is a directory in ${by}` : `${quoted(at)} is a directory in ${by}`;
    case 'between':
      return `${by}, which is hidden too, has no directory there${what}`;
    case 'file':
      return at === null ? `${by} has it too` : `${quoted(at)} is no directory in ${by}`;
  }
}

/** Why a layer could not be looked into, and what to do; without a full stop. */
export function describeHindrance({ owner, hindrance }: Layer): string {
  switch (hindrance?.kind) {
    case 'not-privileged':
      return owner.kind === 'host'
        ? 'what lies under a merge is only shown to root; run this as root'
        : 'to look into an image it has to be mounted, which needs privileges; run this as root';
    case 'permission':
      return 'you may not look into it; run this as root';
    case 'gone':
      return 'it is not there any more, or is something else now; refresh to have what is installed';
    case 'in-memory':
      return 'no path leads to it but through the merge itself';
    case 'failed':
      return (describeError(hindrance.cause) ?? [String(hindrance.cause)]).join(' ').replace(/\.$/, '');
    case undefined:
      return '';
  }
}

/** A list in a sentence: `a, b and c`. */
export function enumerate(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

export const lines = (texts: readonly string[]): string =>
  texts.map((text) => `${printable(text)}\n`).join('');
