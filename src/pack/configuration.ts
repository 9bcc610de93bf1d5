import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { walkTree } from '../check/tree.js';
import { CONFIGURATION } from './sources/directory.js';
import { placeIn, removeTree, type Stage, writeIn } from './stage.js';
import { runTool } from './tool.js';

/** From where systemd-tmpfiles(8) copies what a line with `C` names. */
const FACTORY = 'usr/share/factory/etc';

/**
 * A system extension is not merged into /etc. So default configuration goes to where systemd-tmpfiles(8) finds it, with a rule for
 * each file that makes it where there is none of that name (tmpfiles.d(5), `C`, `L`).
 *
 * @throws the errors of Node's file functions
 */
export function moveConfiguration(stage: Stage, name: string): void {
  const source = join(stage.root, CONFIGURATION);
  if (stage.extensionClass.hierarchies.includes(`/${CONFIGURATION}`) || !existsSync(source)) return;
  // A release file in there would be one of a configuration extension.
  removeTree(join(source, 'extension-release.d'));
  const lines = walkTree(source).entries.flatMap(({ path, type, target }) => {
    if (type === 'directory') return [];
    const place = specify(`/${CONFIGURATION}${path}`);
    return type === 'symlink' ? [`L ${place} - - - - ${specify(target ?? '')}`] : [`C ${place}`];
  });
  if (lines.length > 0) {
    const factory = placeIn(stage, FACTORY);
    mkdirSync(factory, { recursive: true });
    runTool(['cp', '-R', '-P', '--preserve=mode,timestamps,links', '--', `${source}/.`, factory]);
    writeIn(stage, `usr/lib/tmpfiles.d/10-${name}-etc.conf`, `${lines.join('\n')}\n`);
    stage.notes.push({ kind: 'factory', count: lines.length });
  }
  removeTree(source);
}

/** A word of tmpfiles.d(5): `%` begins a specifier, and white space ends it, unless it is quoted. */
function specify(path: string): string {
  const text = path.replaceAll('%', '%%');
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
