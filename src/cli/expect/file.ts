import { lstatSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileOwner } from '../../expect/assertion.js';
import { bytesOf } from '../../host/bytes.js';
import { errorCode, findBelow } from '../../host/root.js';
import type { Layer } from '../../layers/layer.js';
import { type Location, locate } from '../../layers/lookup.js';
import { type Provider, providerOf } from '../../layers/provider.js';
import { mergedOf } from '../../layers/rules.js';
import { type Evaluation, verdictOf } from './evaluation.js';
import type { LiveState } from './live-state.js';

/** Whether there is a file, of whatever type; a symlink is one, wherever it leads. */
export function findFile(path: string, wanted: boolean, { context: { root } }: LiveState): Evaluation {
  try {
    const status = lookUp(root, path);
    const verdict = verdictOf((status !== null) === wanted);
    if (status === null) return { verdict, found: { kind: 'absent', path } };
    return { verdict, found: { kind: 'exists', path, type: typeOf(status) } };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENAMETOOLONG') return { verdict: verdictOf(!wanted), found: { kind: 'absent', path } };
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ELOOP') throw error;
    return { verdict: 'untold', found: { kind: 'forbidden', path, code } };
  }
}

function lookUp(root: string, path: string): Stats | null {
  const plain = path.replace(/(.)\/+$/, '$1');
  if (/(^|\/)(\.\.?)?$/.test(plain)) {
    const found = findBelow(root, plain);
    return found === null ? null : lstatSync(found);
  }
  const directory = findBelow(root, dirname(plain));
  if (directory === null) return null;
  return lstatSync(join(directory, basename(plain)), { throwIfNoEntry: false }) ?? null;
}

function typeOf(status: Stats): string {
  if (status.isDirectory()) return 'directory';
  if (status.isSymbolicLink()) return 'symlink';
  return status.isFile() ? 'file' : 'special file';
}

/** Whether what is seen at a path is of an extension, or of the host; of a directory, whether that is one of those it is of. */
export function findOwner(path: string, owner: FileOwner, state: LiveState): Evaluation {
  const stacks = state.stacks();
  const location = locate(bytesOf(state.context.root), stacks, bytesOf(path));
  const provider = providerOf(location, true);
  const found = { asked: path, location, provider, children: null };
  const holds = isOf(owner, location, provider);
  const verdict = holds === null ? 'untold' : verdictOf(holds);
  return { verdict, found: { kind: 'layers', found, stacks } };
}

/** @returns `null` if it cannot be told */
function isOf(owner: FileOwner, location: Location, provider: Provider): boolean | null {
  switch (provider.kind) {
    case 'unknown':
    case 'changed':
      return null;
    case 'missing':
    case 'circle':
    case 'metadata':
      return false;
    case 'outside':
    case 'mount':
      return provider.exists && owner.kind === 'host';
    case 'by-elimination':
      return isLayerOf(owner, layerOf(location, provider.layer));
    case 'copy': {
      if (location.kind !== 'layers') return false;
      const merged = location.below === '' ? location.copies : mergedOf(location.copies);
      const copies = merged.length > 0 ? merged : [provider.copy];
      return copies.some(({ layer }) => isLayerOf(owner, layerOf(location, layer)));
    }
  }
}

function layerOf(location: Location, layer: number): Layer | undefined {
  return location.kind === 'layers' ? location.in.stack.layers[layer] : undefined;
}

function isLayerOf(owner: FileOwner, layer: Layer | undefined): boolean {
  if (layer?.owner.kind === 'extension') return owner.kind === 'extension' && owner.name === layer.owner.name;
  return layer?.owner.kind === owner.kind;
}
