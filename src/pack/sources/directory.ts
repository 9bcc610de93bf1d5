import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Entry, walkTree } from '../../check/tree.js';
import { runCommand } from '../../host/process.js';
import { findLostWhiteout } from '../../host/whiteouts.js';
import { attributesIn } from '../attributes.js';
import { PackError } from '../problem.js';
import { hierarchyNames, type Stage } from '../stage.js';
import { runTool } from '../tool.js';

/** What becomes default configuration. */
export const CONFIGURATION = 'etc';

/**
 * Copies those parts of a directory that an extension of the class has; a system extension's `etc` comes along, for
 * {@link moveConfiguration}. What is there already is replaced by files of the same name.
 *
 * @param named how the user calls the source
 * @throws PackError; the errors of Node's file functions
 */
export function addDirectory(stage: Stage, source: string, named: string): void {
  const wanted = [...hierarchyNames(stage.extensionClass), CONFIGURATION];
  const leftOut = readdirSync(source)
    .filter((name) => !wanted.includes(name))
    .sort();
  if (leftOut.length > 0) stage.notes.push({ kind: 'left-out', source: named, names: leftOut });
  for (const name of new Set(wanted)) {
    const from = join(source, name);
    const status = lstatSync(from, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (!status.isDirectory()) throw new PackError({ kind: 'hierarchy-not-directory', path: from });
    checkEntries(from);
    const to = join(stage.root, name);
    mkdirSync(to, { recursive: true });
    copyTree(stage, from, to, named);
    copyAttributes(stage, from, to);
  }
}

function copyTree(stage: Stage, from: string, to: string, named: string): void {
  const options = ['-R', '-P', '--preserve=mode,timestamps,links', '--remove-destination'];
  try {
    runTool(['cp', ...options, '--', `${from}/.`, to]);
  } catch (error) {
    const lost = findLostWhiteout(from, to);
    if (lost === null) throw error;
    const file = join(basename(from), lost.file);
    const place = dirname(stage.scratch);
    throw new PackError({
      kind: 'lost-mark',
      source: named,
      lost: { ...lost, file, place },
      isResult: false,
    });
  }
}

/** @throws PackError for what an image should not have, or what cannot be copied */
function checkEntries(from: string): void {
  const { entries, unreadable, isCut } = walkTree(from);
  if (isCut) throw new PackError({ kind: 'too-many-files', path: from });
  for (const { path, code } of unreadable)
    throw new PackError({ kind: 'unreadable', path: from + path, code });
  for (const entry of entries) {
    const path = from + entry.path;
    if (!entry.isUtf8 || /[\x00-\x1f\x7f]/.test(entry.path)) throw new PackError({ kind: 'bad-name', path });
    if (isSpecial(entry)) throw new PackError({ kind: 'special-file', path, type: entry.type });
  }
}

/** A character device with the number 0 is a mark of overlayfs, which removes something. */
function isSpecial({ type, rdev }: Entry): boolean {
  return !['directory', 'file', 'symlink'].includes(type) && !(type === 'character' && rdev === 0);
}

function copyAttributes(stage: Stage, from: string, to: string): void {
  const lost = new Set<string>();
  for (const [file, values] of attributesIn(from))
    for (const [name, value] of values) {
      const words = ['setfattr', '-n', name, '-v', `0x${value.toString('hex')}`, '--', `.${file}`];
      if (runCommand(words, { cwd: to }).status !== 0) lost.add(name);
    }
  if (lost.size > 0) stage.notes.push({ kind: 'attributes-lost', names: [...lost].sort() });
}
