import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { checkImageName, imageNameOf } from '../images/image-name.js';
import { PackError } from './problem.js';

/** Where the result goes. */
export interface Output {
  readonly path: string;
  readonly isDirectory: boolean;
  /** What the extension is called. */
  readonly name: string;
  /** Where it is made: beside it, under a name that no merge takes for an image. */
  readonly temporary: string;
}

/** Of `NAME_1.2.raw`, as it lies in a versioned directory, the extension is NAME (systemd.v(7)). */
const VERSIONED = /^(.+?)_(?=[0-9A-Za-z.~^-]*\d)[0-9A-Za-z.~^_+-]+$/;

/**
 * Looks at the place for the result, before there is one.
 *
 * @throws PackError, the errors of stat(2)
 */
export function chooseOutput(path: string, isDirectory: boolean, { suffix }: ExtensionClass): Output {
  const place = resolve(path);
  const file = basename(place);
  const full = imageNameOf(file, isDirectory ? 'directory' : 'file', suffix);
  const name = VERSIONED.exec(full ?? '')?.[1] ?? full;
  if (name === null || checkImageName(name) !== null)
    throw new PackError({ kind: 'output-name', path, wanted: isDirectory ? 'NAME' : 'NAME.raw' });
  const parent = statSync(dirname(place), { throwIfNoEntry: false });
  if (parent?.isDirectory() !== true) throw new PackError({ kind: 'output-parent', path });
  const found = statSync(place, { throwIfNoEntry: false });
  if (found !== undefined && !(isDirectory ? found.isDirectory() : found.isFile()))
    throw new PackError({ kind: 'output-kind', path });
  if (isDirectory && found !== undefined && readdirSync(place).length > 0)
    throw new PackError({ kind: 'output-not-empty', path });
  return { path: place, isDirectory, name, temporary: join(dirname(place), `.#${file}.${process.pid}`) };
}

/** The result must not become a part of its own source. @param sources directories that are copied @throws PackError */
export function checkOutside({ path }: Output, sources: readonly string[]): void {
  const place = join(realpathSync(dirname(path)), basename(path));
  for (const source of sources)
    if (existsSync(source) && `${place}/`.startsWith(`${realpathSync(source)}/`))
      throw new PackError({ kind: 'output-inside', path, source });
}

export function discard({ temporary }: Output): void {
  rmSync(temporary, { recursive: true, force: true });
}
