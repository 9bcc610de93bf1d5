import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Entry, walkTree } from '../../check/tree.js';
import { attributesIn } from '../attributes.js';
import { PackError } from '../problem.js';
import type { Stage } from '../stage.js';
import { runTool } from '../tool.js';
import type { MakeSettings } from './file-system.js';

const BLOCK = 4096;
const INODE = 256;

/** For superblock, group descriptors, bitmaps, and the directory that e2fsck(8) keeps. */
const OVERHEAD_BLOCKS = 64;

/**
 * mke2fs(8) could copy the tree itself, with its owners, in the order in which the directory gives the names, and with the time of
 * now. So debugfs(8) is told what to make, one by one.
 *
 * @throws PackError
 */
export function makeExt4(stage: Stage, file: string, { epoch, fingerprint }: MakeSettings): void {
  const { entries } = walkTree(stage.root);
  const inodes = entries.length + 16;
  const blocks = entries.reduce(
    (sum, entry) => sum + blocksOf(entry),
    OVERHEAD_BLOCKS + (inodes * INODE) / BLOCK,
  );
  const uuid = fingerprint.uuid('ext4');
  const env = { E2FSPROGS_FAKE_TIME: String(Math.max(epoch, 1)), SOURCE_DATE_EPOCH: String(epoch) };
  const options = ['-b', String(BLOCK), '-I', String(INODE), '-N', String(inodes), '-m', '0', '-U', uuid];
  const features = [
    '-O',
    '^has_journal,^resize_inode',
    '-E',
    `hash_seed=${uuid},root_owner=0:0,lazy_itable_init=0`,
  ];
  const size = String(Math.ceil(blocks * 1.02));
  runTool(['mke2fs', '-q', '-F', '-t', 'ext4', ...options, ...features, file, size], { env });
  const script = join(stage.scratch, 'debugfs');
  writeFileSync(script, `${commandsFor(stage, entries).join('\n')}\n`);
  const { stdout, stderr } = runTool(['debugfs', '-w', '-f', script, file], { env });
  rmSync(script);
  // It ends with 0 whatever happens; all that it prints beside its version and what it was told is a complaint.
  const complaint = [...stdout.split('\n'), ...stderr.split('\n')].find(
    (line) => !/^(debugfs( |:)|Allocated inode|$)/.test(line),
  );
  if (complaint !== undefined)
    throw new PackError({ kind: 'tool-failed', command: 'debugfs', said: complaint });
}

function blocksOf({ type, size, target }: Entry): number {
  // One more for the tree of extents, which only large files in pieces have.
  if (type === 'file')
    return Math.ceil(size / BLOCK) + (size > 64 * 1024 * 1024 ? 2 + size / (BLOCK * 32768) : 0);
  if (type === 'symlink') return (target ?? '').length < 60 ? 0 : 1;
  return type === 'directory' ? Math.max(1, Math.ceil(size / BLOCK)) + 1 : 0;
}

function commandsFor({ root, scratch }: Stage, entries: readonly Entry[]): string[] {
  const first = new Map<number, { path: string; links: number }>();
  const attributes = attributesIn(root);
  return entries.flatMap((entry) => {
    const { path, type, target, mode } = entry;
    const [place, name] = [join(root, path), quote(path)];
    const set = (field: string, value: string) => `sif ${name} ${field} ${value}`;
    const status = lstatSync(place);
    const time = set('mtime', `@${Math.floor(status.mtimeMs / 1000)}`);
    const marks = [...(attributes.get(path) ?? [])].map(([attribute, value]) => {
      // A value may have bytes that no word can.
      const content = join(scratch, `attribute-${value.toString('hex')}`);
      writeFileSync(content, value);
      return `ea_set -f ${quote(content)} ${name} ${attribute}`;
    });
    if (type === 'directory') return [`mkdir ${name}`, set('mode', `04${octal(mode)}`), time, ...marks];
    if (type === 'symlink') return [`symlink ${name} ${quote(target ?? '')}`, time];
    // It takes no path.
    if (type === 'character')
      return [
        `cd ${quote(dirname(path))}`,
        `mknod ${quote(basename(path))} c 0 0`,
        'cd /',
        set('mode', `02${octal(mode)}`),
        time,
      ];
    const twin = first.get(status.ino);
    if (twin !== undefined) {
      twin.links += 1;
      return [`ln ${quote(twin.path)} ${name}`, set('links_count', String(twin.links))];
    }
    first.set(status.ino, { path, links: 1 });
    return [`write ${quote(place)} ${name}`, set('mode', `010${octal(mode)}`), time, ...marks];
  });
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** A word of debugfs(8): in double quotes, two of which stand for one. */
const quote = (word: string): string => `"${word.replaceAll('"', '""')}"`;
