import { nativeArchitecture } from '../host/architecture.js';
import { formatOf } from '../images/dissection.js';
import { type Examination, examineImage } from '../images/examine.js';
import type { Image } from '../images/image.js';
import type { ImageFacts } from '../report/image-record.js';

/** What can be read of a disk image, which need not be much for somebody without privileges. */
export function fileFacts(image: Image, root: string): ImageFacts {
  const examined = tryToExamine(image, root);
  const dissection = examined?.dissection ?? null;
  const isDisk = dissection !== null && dissection.table !== null;
  const [source] = examined?.verity.values() ?? [];
  return {
    version: image.versions?.winner?.version ?? null,
    format: dissection && formatOf(dissection),
    partitions: isDisk ? dissection.parts.map(({ designator }) => designator) : [],
    protection: null,
    rootHash: source?.rootHash.toString('hex') ?? null,
    loopDevices: [],
  };
}

/** `null` for what cannot be read, or is no image after all: that is for `merge` to complain of. */
function tryToExamine(image: Image, root: string): Examination | null {
  try {
    const found = examineImage(image, root, nativeArchitecture());
    return found.kind === 'examination' ? found : null;
  } catch {
    return null;
  }
}
