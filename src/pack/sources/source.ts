import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { PackError } from '../problem.js';

/** What can be packed. */
export type Source =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'tar'; readonly path: string }
  | { readonly kind: 'deb'; readonly path: string }
  /** A package that apt knows by this name. */
  | { readonly kind: 'package'; readonly name: string };

/** How an archive begins, and at which byte. */
const BEGINNINGS: readonly (readonly [kind: 'tar' | 'deb', at: number, bytes: string])[] = [
  ['deb', 0, '!<arch>\ndebian'],
  ['tar', 257, 'ustar'],
  ['tar', 0, '\x1f\x8b'],
  ['tar', 0, '\xfd7zXZ\0'],
  ['tar', 0, '\x28\xb5\x2f\xfd'],
];

/** Tells by what is there what a path is. @throws PackError, the errors of stat(2) and open(2) */
export function identifySource(path: string): Source {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new PackError({ kind: 'source-missing', path });
  if (status.isDirectory()) return { kind: 'directory', path };
  const kind = status.isFile() ? kindOfFile(path) : null;
  if (kind === null) throw new PackError({ kind: 'source-unknown', path });
  return { kind, path };
}

/** What follows `--tar=`: an archive in whatever form tar(1) writes it, also the old one without a mark. @throws PackError */
export function identifyTar(path: string): Source {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new PackError({ kind: 'source-missing', path });
  if (!status.isFile()) throw new PackError({ kind: 'source-unknown', path });
  return { kind: 'tar', path };
}

/** What follows `--deb=`: a file, or the name of a package. @throws PackError */
export function identifyPackage(word: string): Source {
  if (statSync(word, { throwIfNoEntry: false })?.isFile() !== true) {
    // deb-control(5), with the architecture, and the version or release, that apt-get(8) takes.
    if (/^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?([=/][A-Za-z0-9.+:~-]+)?$/.test(word) && !word.endsWith('.deb'))
      return { kind: 'package', name: word };
    throw new PackError({ kind: 'source-missing', path: word });
  }
  const source = identifySource(word);
  if (source.kind !== 'deb') throw new PackError({ kind: 'source-unknown', path: word });
  return source;
}

function kindOfFile(path: string): 'tar' | 'deb' | null {
  const bytes = Buffer.alloc(512);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(descriptor);
  }
  const text = bytes.toString('latin1');
  return BEGINNINGS.find(([, at, begin]) => text.startsWith(begin, at))?.[0] ?? null;
}
