import { accessSync, constants, mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { mustRun } from '../host/process.js';
import { errorCode } from '../host/root.js';
import { checkImageName, imageNameOf } from '../images/image-name.js';
import { isOnOverlay } from '../mount/diagnose.js';
import type { Written } from './write-directories.js';

/** What the command changes cannot be saved in that directory. */
export class KeepError extends Error {
  constructor(
    readonly path: string,
    readonly problem:
      | 'not-empty'
      | 'not-directory'
      | 'no-parent'
      | 'not-writable'
      | 'bad-name'
      | 'inside'
      | 'on-overlay',
  ) {
    super(`keep ${path}: ${problem}`);
  }
}

/**
 * Asked before the command does its work, which would be for nothing.
 *
 * @param merged places of the hierarchies
 * @throws KeepError
 */
export function checkKeep(path: string, merged: readonly string[]): void {
  const whole = resolve(path);
  if (merged.some((place) => `${whole}/`.startsWith(`${place}/`))) throw new KeepError(path, 'inside');
  const found = statSync(whole, { throwIfNoEntry: false });
  if (found?.isDirectory() === false) throw new KeepError(path, 'not-directory');
  if (found !== undefined && readdirSync(whole).length > 0) throw new KeepError(path, 'not-empty');
  if (nameOf(path, '') === null) throw new KeepError(path, 'bad-name');
  const place = found === undefined ? dirname(whole) : whole;
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new KeepError(path, 'no-parent');
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    throw new KeepError(path, 'not-writable');
  }
}

function nameOf(path: string, suffix: string): string | null {
  const name = imageNameOf(basename(resolve(path)), 'directory', suffix);
  return name === null || checkImageName(name) !== null ? null : name;
}

/** What was saved. */
export interface Kept {
  /** Hierarchies that the command has changed. */
  readonly hierarchies: readonly string[];
}

/**
 * Saves what the command has changed, as a directory that is an extension for the system that it ran on. What it removed is in
 * there as the marks of overlayfs.
 *
 * @param release makes the content of the release file of a class
 * @throws KeepError if there is no place for such marks, CommandFailedError of cp(1), CommandMissingError, the errors of Node's file functions
 */
export function keepChanges(
  path: string,
  written: readonly Written[],
  release: (extensionClass: ExtensionClass) => string,
): Kept {
  mkdirSync(path, { recursive: true });
  const changed = written.filter((one) => saveHierarchy(path, one));
  for (const extensionClass of new Set(changed.map((one) => one.extensionClass))) {
    const directory = join(path, extensionClass.releaseDirectory);
    mkdirSync(directory, { recursive: true });
    const name = nameOf(path, extensionClass.suffix);
    writeFileSync(join(directory, `extension-release.${name}`), release(extensionClass));
  }
  return { hierarchies: changed.map(({ hierarchy }) => hierarchy) };
}

/** @returns whether there is anything in it */
function saveHierarchy(path: string, { hierarchy, descriptor, prepared }: Written): boolean {
  const source = `/proc/self/fd/${descriptor}`;
  for (const directory of prepared.toReversed()) removeEmpty(join(source, directory));
  if (readdirSync(source).length === 0) return false;
  const target = join(path, hierarchy);
  mkdirSync(target, { recursive: true });
  try {
    mustRun(['cp', '-a', '--', '/proc/self/fd/3/.', target], { descriptors: [descriptor] });
  } catch (error) {
    // There the kernel lets nobody make a whiteout.
    if (isOnOverlay(path) && hasWhiteout(source)) throw new KeepError(path, 'on-overlay');
    throw error;
  }
  return true;
}

function hasWhiteout(directory: string): boolean {
  return readdirSync(directory, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? hasWhiteout(join(directory, entry.name))
      : entry.isCharacterDevice() && statSync(join(directory, entry.name)).rdev === 0,
  );
}

/** One that was made beforehand, and nothing was written to. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    // Written to; or removed or replaced by the command.
    if (!['ENOTEMPTY', 'ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
}
