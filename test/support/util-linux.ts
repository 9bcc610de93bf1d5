import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand } from './debian.js';
import { quote } from './fault.js';
import { ENVIRONMENT } from './program.js';

/** An edition of the programs that mount. */
export interface UtilLinux {
  /** `mount from util-linux 2.42`, as it calls itself. */
  readonly version: string;
  /** Makes a `PATH` with it first. @param directory is made for it */
  readonly install: (directory: string) => string;
}

const TREES = fileURLToPath(new URL('../../.cache/oracle', import.meta.url));

/** The machine's own, and those of the Debian trees that scripts/oracle.sh makes; one of each version. */
export function findUtilLinux(): UtilLinux[] {
  const own = { version: versionOf([findCommand('mount') ?? 'mount']), install: () => ENVIRONMENT['PATH']! };
  const others = (existsSync(TREES) ? readdirSync(TREES).sort() : []).flatMap((name) => {
    const start = commandOf(join(TREES, name));
    return start === null ? [] : [{ version: versionOf(start('mount')), install: installer(start) }];
  });
  return [...new Map([own, ...others].map((edition) => [edition.version, edition])).values()];
}

type Start = (command: string) => string[];

/** A program of another Debian tree needs that tree's libraries, hence its loader. */
function commandOf(tree: string): Start | null {
  const libraries = join(tree, 'usr/lib');
  if (!existsSync(join(tree, 'usr/bin/mount'))) return null;
  for (const multiarch of readdirSync(libraries).filter((name) => name.includes('-linux-'))) {
    const directory = join(libraries, multiarch);
    const loader = readdirSync(directory).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
    if (loader === undefined) continue;
    return (command) => [
      join(directory, loader),
      '--library-path',
      directory,
      join(tree, 'usr/bin', command),
    ];
  }
  return null;
}

function installer(start: Start): UtilLinux['install'] {
  return (directory) => {
    mkdirSync(directory, { recursive: true });
    for (const command of ['mount', 'umount', 'flock']) {
      const script = `#!/bin/sh\nexec ${start(command).map(quote).join(' ')} "$@"\n`;
      writeFileSync(join(directory, command), script, { mode: 0o755 });
    }
    return `${directory}:${ENVIRONMENT['PATH']}`;
  };
}

function versionOf([program, ...words]: readonly string[]): string {
  const { stdout } = spawnSync(program!, [...words, '--version'], {
    encoding: 'utf8',
    env: { ...ENVIRONMENT },
  });
  return /^mount from util-linux [\d.]+/.exec(stdout)?.[0] ?? 'mount of unknown origin';
}
