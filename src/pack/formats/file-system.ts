import { attributesIn } from '../attributes.js';
import type { Fingerprint } from '../fingerprint.js';
import type { Stage } from '../stage.js';
import { runTool } from '../tool.js';
import { makeExt4 } from './ext4.js';

export type PackFileSystem = 'squashfs' | 'erofs' | 'ext4';

/** What a file system is made from beside the tree. */
export interface MakeSettings {
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly fingerprint: Fingerprint;
}

/**
 * Makes a file system with the tree in it. All of it is root's, and the same tree gives the same bytes.
 *
 * @param file is made
 * @throws PackError
 */
export function makeFileSystem(
  type: PackFileSystem,
  stage: Stage,
  file: string,
  settings: MakeSettings,
): void {
  const { epoch, fingerprint } = settings;
  // Where the tree is, its files may have labels that nobody has asked for.
  const isPlain = attributesIn(stage.root).size === 0;
  switch (type) {
    case 'squashfs':
      runTool(
        [
          'mksquashfs',
          stage.root,
          file,
          '-noappend',
          '-all-root',
          '-no-exports',
          '-no-progress',
          '-comp',
          'zstd',
          ...(isPlain ? ['-no-xattrs'] : []),
        ],
        // Its own time, and the latest of any file.
        { env: { SOURCE_DATE_EPOCH: String(epoch) } },
      );
      return;
    case 'erofs': {
      const own = ['-T', String(epoch), '-U', fingerprint.uuid('erofs'), ...(isPlain ? ['-x-1'] : [])];
      runTool(['mkfs.erofs', '--quiet', '--all-root', '-zlz4hc', ...own, file, stage.root]);
      return;
    }
    case 'ext4':
      return makeExt4(stage, file, settings);
  }
}
