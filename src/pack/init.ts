import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { checkImageName, imageNameOf } from '../images/image-name.js';
import { PackError } from './problem.js';

/** A file of a source tree. */
export interface SourceFile {
  /** Below the directory of the tree. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** What a new extension begins with: its release file, and one file to see that it is merged. */
export interface SourceTree {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

/**
 * @param path of the tree's directory, whose name is that of the extension
 * @param release makes the release file
 * @throws PackError for a name that no extension can have
 */
export function sourceTree(
  path: string,
  extensionClass: ExtensionClass,
  release: (name: string) => string,
): SourceTree {
  const name = imageNameOf(basename(path), 'directory', extensionClass.suffix) ?? '';
  if (checkImageName(name) !== null) throw new PackError({ kind: 'output-name', path, wanted: 'NAME' });
  const sample =
    extensionClass.name === 'sysext'
      ? { path: `usr/bin/${name}`, content: `#!/bin/sh\necho 'Hello from an extension.'\n`, mode: 0o755 }
      : { path: `etc/${name}.conf`, content: '# Configuration from an extension.\n', mode: 0o644 };
  const releaseFile = `${extensionClass.releaseDirectory}/extension-release.${name}`;
  return { name, files: [{ path: releaseFile, content: release(name), mode: 0o644 }, sample] };
}

/** Never overwrites anything. @throws PackError, the errors of Node's file functions */
export function writeSourceTree(path: string, { files }: SourceTree): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new PackError({ kind: 'output-kind', path });
  if (found !== undefined && readdirSync(path).length > 0)
    throw new PackError({ kind: 'output-not-empty', path });
  for (const file of files) {
    const place = join(path, file.path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, file.content, { flag: 'wx', mode: file.mode });
  }
}
