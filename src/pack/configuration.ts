import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, walkTree } from '../check/tree.js';
import { findBelow } from '../host/root.js';
import { CONFIGURATION } from './sources/directory.js';
import { placeIn, removeTree, type Stage, writeIn } from './stage.js';
import { runTool } from './tool.js';
import { word } from './word.js';

/** From where systemd-tmpfiles(8) copies what a line with `C` names. */
const FACTORY = 'usr/share/factory';

/** What packages bring, and no system extension is merged into: configuration, and the places for what programs write. */
const OUTSIDE = [CONFIGURATION, 'var'];

/** Of init systems before systemd. */
const SCRIPTS = 'init.d';

/** What a directory is if nothing is said of it. */
const PLAIN_DIRECTORY = 0o755;

/**
 * A system extension is merged into neither /etc nor /var. So default configuration goes to where systemd-tmpfiles(8) finds it, with
 * a rule for each file that makes it where there is none of that name (tmpfiles.d(5), `C`, `L`), and directories that no file
 * brings along, or that are not like others, get a rule as well (`d`).
 *
 * @throws the errors of Node's file functions
 */
export function moveConfiguration(stage: Stage, name: string): void {
  if (stage.extensionClass.hierarchies.includes(`/${CONFIGURATION}`)) return;
  for (const top of OUTSIDE) if (existsSync(join(stage.root, top))) moveOut(stage, name, top);
}

function moveOut(stage: Stage, name: string, top: string): void {
  const source = join(stage.root, top);
  // A release file in there would be one of a configuration extension.
  removeTree(join(source, 'extension-release.d'));
  if (top === CONFIGURATION) leaveOutScripts(stage, join(source, SCRIPTS));
  const { entries } = walkTree(source);
  const hasEntries = new Set(entries.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  const directories = entries.filter(
    ({ type, path, mode }) =>
      type === 'directory' &&
      (!hasEntries.has(path) || mode !== PLAIN_DIRECTORY || stage.owners.has(`/${top}${path}`)),
  );
  const files = entries.filter(({ type }) => type !== 'directory');
  const named = new Set([...files, ...directories]);
  const lines = entries.filter((entry) => named.has(entry)).map((entry) => lineFor(stage, top, entry));
  if (lines.length > 0) writeIn(stage, `usr/lib/tmpfiles.d/10-${name}-${top}.conf`, `${lines.join('\n')}\n`);
  if (files.length > 0) {
    const factory = placeIn(stage, join(FACTORY, top));
    mkdirSync(factory, { recursive: true });
    runTool(['cp', '-R', '-P', '--preserve=mode,timestamps,links', '--', `${source}/.`, factory]);
    stage.notes.push({ kind: 'factory', top, count: files.length });
  }
  if (directories.length > 0)
    stage.notes.push({ kind: 'directories', paths: directories.map(({ path }) => `/${top}${path}`) });
  removeTree(source);
}

/**
 * systemd makes a unit of a script in there (systemd-sysv-generator(8)). Beside a unit of the same name it does not, but the unit
 * goes with the extension, and what was copied stays: then the script would be started in place of a unit that is to be stopped.
 */
function leaveOutScripts(stage: Stage, directory: string): void {
  const names = (existsSync(directory) ? readdirSync(directory) : []).filter(
    (name) => findBelow(stage.root, `usr/lib/systemd/system/${name}.service`) !== null,
  );
  for (const name of names) rmSync(join(directory, name), { recursive: true });
  if (names.length > 0) stage.notes.push({ kind: 'init-scripts', names: names.sort() });
  if (names.length > 0 && readdirSync(directory).length === 0) rmdirSync(directory);
}

/** A line of tmpfiles.d(5). With a colon, mode and owner are for what is made only: those of the machine stay as they are. */
function lineFor({ owners }: Stage, top: string, { path, type, mode, target }: Entry): string {
  const place = `/${top}${path}`;
  const { user, group } = owners.get(place) ?? { user: 0, group: 0 };
  const owner = owners.has(place) ? ` :${user} :${group}` : '';
  if (type === 'symlink') return `L ${word(place)} - - - - ${word(target ?? '')}`;
  if (type === 'file') return `C ${word(place)}${owner && ` -${owner}`}`;
  const isPlain = mode === PLAIN_DIRECTORY && owner === '';
  return `d ${word(place)}${isPlain ? '' : ` :${mode.toString(8).padStart(4, '0')}${owner}`}`;
}
