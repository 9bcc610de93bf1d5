import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ExtensionOptions, sysextTree } from '../../support/fixtures.js';
import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { readVersions } from '../../support/schema.js';
import { buildTree } from '../../support/tree.js';

/** A directory that can be installed; `usr/share/NAME` has its file name in it. @returns its path */
export function addDirectory(machine: Machine, file: string, options: ExtensionOptions = {}): string {
  const path = join(machine.directory, file);
  mkdirSync(path);
  buildTree(path, released(file, options));
  return path;
}

/** What is in a release of that file name. */
export function released(file: string, options: ExtensionOptions = {}) {
  const name = file.replace(/_.*|\.raw$/, '');
  return sysextTree(name, { files: { [`usr/share/${name}`]: `${file}\n` }, ...options });
}

/** `NAME VERSION STATE`, and `merged` if it is. */
export async function versionsOf(machine: Machine, ...names: readonly string[]): Promise<string[]> {
  const { stdout } = succeeded(await machine.call(['versions', ...names, '--json=short']));
  return readVersions(stdout).extensions.flatMap(({ name, off, versions }) =>
    versions.length === 0
      ? [`${name} ${off}`]
      : versions.map(({ version, state, merged }) =>
          [name, version ?? '-', state === 'off' ? off : state, ...(merged ? ['merged'] : [])].join(' '),
        ),
  );
}
