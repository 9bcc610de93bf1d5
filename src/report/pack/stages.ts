import type { PackStage } from '../../pack/pack.js';
import { printable } from '../printable.js';

/** A line for who waits. */
export function describeStage(stage: PackStage, what: string): string {
  const name = printable(what);
  switch (stage) {
    case 'copy':
      return `Copying '${name}' …`;
    case 'download':
      return `Downloading '${name}' …`;
    case 'unpack':
      return `Unpacking '${name}' …`;
    case 'file-system':
      return name === 'directory' ? 'Writing the directory …' : `Making the ${name} file system …`;
    case 'hash-tree':
      return 'Making the hash tree …';
    case 'check':
      return `Checking '${name}' …`;
  }
}
