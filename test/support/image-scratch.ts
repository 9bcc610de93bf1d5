import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSystemType } from '../../src/images/identify.js';
import { type ImageStart, loadStart } from './image-bytes.js';
import { type ImageOptions, makeImage } from './make-images.js';

export interface ImageScratch {
  /** A directory with a little content. */
  readonly source: string;
  /** A path for a file of the test. */
  path(name: string): string;
  /** Makes an image, of `source` if no other directory is given, and gives its path. */
  make(type: FileSystemType, options?: ImageOptions, source?: string): string;
  /** The same, and gives its beginning. */
  load(type: FileSystemType, options?: ImageOptions, source?: string): ImageStart;
}

/** A directory for the images of a test file, there as long as its tests run. */
export function imageScratch(): ImageScratch {
  let directory = '';
  let count = 0;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'sysext-images-'));
    mkdirSync(join(directory, 'source/usr/lib'), { recursive: true });
    writeFileSync(join(directory, 'source/usr/lib/file'), 'content\n'.repeat(1000));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const scratch: ImageScratch = {
    get source() {
      return join(directory, 'source');
    },
    path: (name) => join(directory, name),
    make(type, options = {}, source = scratch.source) {
      count += 1;
      return makeImage(type, source, scratch.path(`${count}.raw`), options);
    },
    load: (type, options, source) => loadStart(scratch.make(type, options, source)),
  };
  return scratch;
}
