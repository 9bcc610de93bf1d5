import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TREES = fileURLToPath(new URL('../../.cache/oracle', import.meta.url));

/** The Debian trees that scripts/oracle.sh makes. */
export function debianTrees(): string[] {
  return (existsSync(TREES) ? readdirSync(TREES).sort() : []).map((name) => join(TREES, name));
}

/**
 * The words that run a program of `usr/bin` of a Debian tree: it needs that tree's libraries, hence its loader. The
 * loader passes the name that the program is called by on.
 *
 * @returns `null` if the tree has no such program
 */
export function treeCommand(tree: string, program: string): string[] | null {
  const path = join(tree, 'usr/bin', program);
  if (!existsSync(path)) return null;
  const libraries = join(tree, 'usr/lib');
  for (const multiarch of readdirSync(libraries).filter((name) => name.includes('-linux-'))) {
    const directory = join(libraries, multiarch);
    const loader = readdirSync(directory).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
    if (loader === undefined) continue;
    return [join(directory, loader), '--library-path', `${directory}:${join(directory, 'systemd')}`, path];
  }
  return null;
}
