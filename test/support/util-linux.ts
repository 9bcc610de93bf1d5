import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from './debian.js';
import { debianTrees, treeCommand } from './debian-tree.js';
import { quote } from './fault.js';
import { ENVIRONMENT } from './program.js';

/** An edition of the programs that mount. */
export interface UtilLinux {
  /** `mount from util-linux 2.42`, as it calls itself. */
  readonly version: string;
  /** Makes a `PATH` with it first. @param directory is made for it */
  readonly install: (directory: string) => string;
}

/** The machine's own, and those of the Debian trees that scripts/oracle.sh makes; one of each version. */
export function findUtilLinux(): UtilLinux[] {
  const own = { version: versionOf([findCommand('mount') ?? 'mount']), install: () => ENVIRONMENT['PATH']! };
  const others = debianTrees().flatMap((tree) => {
    const mount = treeCommand(tree, 'mount');
    if (mount === null) return [];
    const start = (command: string) => treeCommand(tree, command)!;
    return [{ version: versionOf(mount), install: installer(start) }];
  });
  return [...new Map([own, ...others].map((edition) => [edition.version, edition])).values()];
}

function installer(start: (command: string) => string[]): UtilLinux['install'] {
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
