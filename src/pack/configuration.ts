import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { walkTree } from '../check/tree.js';
import { CONFIGURATION } from './sources/directory.js';
import type { Stage } from './stage.js';

/** From where systemd-tmpfiles(8) copies what a line with `C` names. */
const FACTORY = 'usr/share/factory/etc';

/**
 * A system extension is not merged into /etc. So default configuration goes to where systemd-tmpfiles(8) finds it, with a rule for
 * each file that makes it where there is none of that name (tmpfiles.d(5), `C`, `L`).
 *
 * @throws the errors of Node's file functions
 */
export function moveConfiguration({ root, extensionClass, notes }: Stage, name: string): void {
  const source = join(root, CONFIGURATION);
  if (extensionClass.hierarchies.includes(`/${CONFIGURATION}`)) return;
  // A release file in there would be one of a configuration extension.
  rmSync(join(source, 'extension-release.d'), { recursive: true, force: true });
  const lines = walkTree(source).entries.flatMap(({ path, type, target }) => {
    if (type === 'directory') return [];
    const place = specify(`/${CONFIGURATION}${path}`);
    return type === 'symlink' ? [`L ${place} - - - - ${specify(target ?? '')}`] : [`C ${place}`];
  });
  if (lines.length > 0) {
    mkdirSync(join(root, FACTORY), { recursive: true });
    for (const entry of readdirSync(source))
      cpSync(join(source, entry), join(root, FACTORY, entry), {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
      });
    const rules = join(root, 'usr/lib/tmpfiles.d');
    mkdirSync(rules, { recursive: true });
    writeFileSync(join(rules, `10-${name}-etc.conf`), `${lines.join('\n')}\n`);
    notes.push({ kind: 'factory', count: lines.length });
  }
  rmSync(source, { recursive: true, force: true });
}

/** A word of tmpfiles.d(5): `%` begins a specifier, and white space ends it, unless it is quoted. */
function specify(path: string): string {
  const text = path.replaceAll('%', '%%');
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
