import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Other users than root often lack the directories of the tools that make file systems. */
const ADMINISTRATION = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Directories that commands are looked for in, in this order, without double ones. */
export function commandDirectories(): string[] {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory.startsWith('/'));
  return [...new Set([...path, ...ADMINISTRATION])];
}

/** The full path of a command, or `null` where it is not installed. */
export function findCommand(name: string): string | null {
  for (const directory of commandDirectories()) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next directory may have it.
    }
  }
  return null;
}

/**
 * Sees to it that commands are there which a test needs, by installing their Debian packages if this is root.
 *
 * @param packages what is needed: the name of the command, and of the package that has it
 * @returns `null` if all are there (now), else a sentence about what is missing and how to get it, to skip a test with
 */
export function provide(packages: Readonly<Record<string, string>>): string | null {
  let missing = absent(packages);
  if (missing.length > 0 && process.getuid?.() === 0 && findCommand('apt-get') !== null) {
    install(wanted(missing, packages));
    missing = absent(packages);
  }
  if (missing.length === 0) return null;
  return `missing: ${missing.join(', ')} (apt-get install ${wanted(missing, packages).join(' ')})`;
}

function absent(packages: Readonly<Record<string, string>>): string[] {
  return Object.keys(packages).filter((command) => findCommand(command) === null);
}

function wanted(commands: readonly string[], packages: Readonly<Record<string, string>>): string[] {
  return [...new Set(commands.map((command) => packages[command]!))];
}

/** A failure needs no handling of its own: what is missing afterwards is what gets reported. */
function install(names: readonly string[]): void {
  const run = (...words: string[]): boolean =>
    spawnSync('apt-get', ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=300', ...words], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (run('install', '--no-install-recommends', ...names)) return;
  // A machine that was never updated, or not for long, knows no package or one that the mirror has no more.
  if (run('update')) run('install', '--no-install-recommends', ...names);
}
