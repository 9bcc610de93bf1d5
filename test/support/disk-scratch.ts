import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DiskOptions, makeDisk } from './disk-images.js';

/** A directory for the disks of a test file, there as long as its tests run. */
export function diskScratch() {
  let directory = '';
  let count = 0;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'sysext-disks-'));
    mkdirSync(join(directory, 'tree/usr/lib/extension-release.d'), { recursive: true });
    mkdirSync(join(directory, 'tree/etc'), { recursive: true });
    writeFileSync(join(directory, 'tree/usr/lib/extension-release.d/extension-release.x'), 'ID=_any\n');
    writeFileSync(join(directory, 'tree/etc/file'), 'content\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const path = () => {
    count += 1;
    return join(directory, `${count}.raw`);
  };
  return {
    /** What goes into images. */
    tree: () => join(directory, 'tree'),
    /** A path for another file. */
    path,
    /** The bytes of a disk that sfdisk(8) makes. */
    disk: (options: DiskOptions): Buffer => readFileSync(makeDisk(path(), options)),
  };
}
