import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../support/debian.js';
import { buildTree, type Entry, file, type Tree } from '../support/tree.js';
import { ENVIRONMENT } from './programs.js';

/** A disk image with a tree in it, made by the tool of its file system when it is first needed. */
export const squashfs = (tree: Tree): Entry =>
  image('squashfs', tree, (source, target) => [
    'mksquashfs',
    [source, target, '-noappend', '-no-progress', '-quiet', '-all-root', '-all-time', '0', '-mkfs-time', '0'],
  ]);

export const erofs = (tree: Tree): Entry =>
  image('erofs', tree, (source, target) => [
    'mkfs.erofs',
    ['--quiet', '-T', '0', '--all-root', target, source],
  ]);

export const ext4 = (tree: Tree): Entry =>
  image('ext4', tree, (source, target) => {
    writeFileSync(target, '');
    truncateSync(target, 2 * 1024 * 1024);
    return ['mkfs.ext4', ['-q', '-F', '-O', '^has_journal', '-E', 'root_owner=0:0', '-d', source, target]];
  });

/** `null`, or a sentence about which tool is missing. */
export const missingImageTools = (): string | null =>
  provide({ mksquashfs: 'squashfs-tools', 'mkfs.erofs': 'erofs-utils', 'mkfs.ext4': 'e2fsprogs' });

function image(
  type: string,
  tree: Tree,
  tool: (source: string, target: string) => [string, string[]],
): Entry {
  let made: Buffer | undefined;
  const content = (): Buffer => {
    made ??= make(tree, tool);
    return made;
  };
  // In a scenario that is printed, for somebody who wants to see it again, what is in it is what counts.
  return file(Object.assign(content, { toJSON: () => ({ [type]: tree }) }));
}

function make(tree: Tree, tool: (source: string, target: string) => [string, string[]]): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-image-'));
  try {
    const source = join(directory, 'tree');
    const target = join(directory, 'image');
    mkdirSync(source, { mode: 0o755 });
    buildTree(source, tree);
    const [command, words] = tool(source, target);
    const { status, stderr, error } = spawnSync(command, words, {
      encoding: 'utf8',
      env: { ...ENVIRONMENT },
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${command}: ${stderr.trim()}`);
    return readFileSync(target);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
