import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { nativeArchitecture } from '../host/architecture.js';
import { errorCode, insideRoot } from '../host/root.js';
import type { Search } from '../images/search-entry.js';
import { searchPathOf } from '../images/search-path.js';
import { type Hierarchy, readHierarchy } from '../overlay/metadata.js';
import { fileNameOf } from '../overlay/mutable.js';
import type { Log } from '../report/log.js';
import type { CommandLine } from './command-line.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every verb works with. */
export interface Context {
  readonly commandLine: CommandLine;
  /** Absolute path without symlinks. */
  readonly root: string;
  /** The directories that are merged, as configured. */
  readonly hierarchies: readonly string[];
  readonly env: Environment;
  readonly log: Log;
  /** Writes results to standard output. */
  readonly print: (text: string) => void;
}

/** The directory given by `--root=` is not there, or is none. */
export class RootError extends Error {
  constructor(
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(`root ${path}`, options);
  }
}

/** A variable of the environment has a value that cannot be meant. */
export class EnvironmentError extends Error {
  constructor(
    readonly variable: string,
    readonly value: string,
    readonly wanted: string,
  ) {
    super(`${variable}=${value}`);
  }
}

/** @throws RootError */
export function resolveRoot(path: string): string {
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return root;
  } catch (cause) {
    throw new RootError(path, { cause });
  }
  throw new RootError(path, { cause: new Error('it is not a directory') });
}

/**
 * A path below the root by the name of the root that was given: the original leaves a symlink there as it is. Which
 * directory is meant by `..` behind a symlink cannot be seen in the name, so then it is the resolved one.
 */
export function belowGivenRoot(
  { root, commandLine }: Pick<Context, 'root' | 'commandLine'>,
  path: string,
): string {
  const given = commandLine.root;
  return given.split('/').includes('..') ? path : join(resolve(given), insideRoot(root, path));
}

/** The hierarchies of the class, or those that the environment names instead. @throws EnvironmentError */
export function chooseHierarchies({ extensionClass }: CommandLine, env: Environment): readonly string[] {
  const variable = extensionClass.hierarchiesVariable;
  const value = env[variable];
  if (value === undefined) return extensionClass.hierarchies;
  const paths = value.split(':').map((path) => path.replace(/(.)\/+$/, '$1'));
  const isUsable = (path: string) => isAbsolute(path) && path !== '/' && !/(^|\/)\.\.?(\/|$)|\/\//.test(path);
  if (!paths.every(isUsable))
    throw new EnvironmentError(variable, value, 'absolute paths below /, separated by colons');
  const unique = [...new Set(paths)];
  if (new Set(unique.map(fileNameOf)).size < unique.length) {
    throw new EnvironmentError(
      variable,
      value,
      'paths that still differ when their slashes are replaced by dots',
    );
  }
  return unique;
}

/** Where this call looks for images. @param first places before all others */
export function searchFor({ root, commandLine }: Context, first: readonly string[] = []): Search {
  const { extensionClass } = commandLine;
  const places = searchPathOf(root, extensionClass).map(({ path }) => path);
  return {
    root,
    extensionClass,
    places: [...new Set([...first, ...places])],
    architecture: nativeArchitecture(),
  };
}

/** The hierarchies that exist, with what is merged into them now; in the configured order. */
export function readHierarchies({ root, hierarchies, commandLine }: Context): Hierarchy[] {
  return hierarchies.flatMap((name) => readHierarchy(root, name, commandLine.extensionClass) ?? []);
}

/** Whether the user may not see or change something, as opposed to it being wrong. */
export function isPermissionError(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}
