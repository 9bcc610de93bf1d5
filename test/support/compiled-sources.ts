import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';

const PROJECT = join(import.meta.dirname, '../..');

/** The sources of this moment as JavaScript, for what only shows in a process of its own: users, time zones, locks. */
export interface CompiledSources {
  /** A launcher of the whole program; `confext` is beside it. */
  readonly program: string;
  /** Address of a module for an `import` in a script: `module('host/root.js')`. */
  module(path: string): string;
  /** Runs an ECMAScript module, by default as this user in this environment. */
  run(
    script: string,
    options?: { readonly env?: NodeJS.ProcessEnv; readonly through?: readonly string[] },
  ): SpawnSyncReturns<string>;
  /** The command line that {@link run} runs. */
  command(script: string): string[];
  remove(): void;
}

/** Every user may read them. */
export function compileSources(): CompiledSources {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'compiled-')));
  chmodSync(directory, 0o755);
  cpSync(join(PROJECT, 'package.json'), join(directory, 'package.json'));
  cpSync(join(PROJECT, 'bin'), join(directory, 'bin'), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  for (const file of sourceFiles()) {
    const { code } = transformSync(readFileSync(join(PROJECT, 'src', file), 'utf8'), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    const output = join(directory, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
  }
  const command = (script: string) => [process.execPath, '--input-type=module', '--eval', script];
  return {
    program: join(directory, 'bin/sysext'),
    module: (path) => join(directory, 'dist', path),
    command,
    run(script, { env = process.env, through = [] } = {}) {
      const [program, ...args] = [...through, ...command(script)] as [string, ...string[]];
      return spawnSync(program, args, { encoding: 'utf8', env: { NODE_NO_WARNINGS: '1', ...env } });
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Names of all source files, relative to `src`. */
export function sourceFiles(): string[] {
  const files = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts'));
}

export function readSource(file: string): string {
  return readFileSync(join(PROJECT, 'src', file), 'utf8');
}
