import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand } from '../../support/debian.js';
import { extension, HOST } from '../../support/fixtures.js';
import type { Machine } from '../../support/machine.js';
import { buildTree, directory, file, type Tree } from '../../support/tree.js';
import { until } from '../../support/until.js';

/** How often a refresh changes what is merged, while others read. */
export const REFRESHES = Number(process.env['SYSEXT_REFRESHES'] ?? 3);

/** What a reader has seen: how often it looked at files and ran one, how often that failed, and for how long. */
export interface Seen {
  readonly looks: number;
  readonly runs: number;
  readonly failures: number;
  /** In milliseconds. */
  readonly longest: number;
  readonly examples: readonly string[];
}

/** A program to be merged, which is to be found all the time. */
const TOOL = file(() => readFileSync(findCommand('true')!), { mode: 0o755 });

/** A host, and an extension that stays. */
export const TREE: Tree = {
  ...HOST,
  'usr/share/host': 'host\n',
  'usr/below': directory(),
  'opt/host': 'host\n',
  ...extension('stays', {
    files: { 'usr/bin/tool': TOOL, 'usr/share/stays': 'stays\n', 'opt/stays': 'stays\n' },
  }),
};

/** What is there all the time, below the root. */
export const ALWAYS = ['usr/bin/tool', 'usr/share/stays', 'usr/share/host', 'opt/stays', 'opt/host'];

const COMES_AND_GOES = extension('goes', { files: { 'usr/share/goes': 'goes\n', 'opt/goes': 'goes\n' } });

/** Adds an extension, or removes it. @returns whether it is there now */
export function change(machine: Machine): boolean {
  const path = join(machine.root, 'var/lib/extensions/goes');
  if (!existsSync(path)) {
    buildTree(machine.root, COMES_AND_GOES);
    return true;
  }
  rmSync(path, { recursive: true });
  return false;
}

/** Does something while another process reads files of a machine without a pause. */
export async function whileRead(
  machine: Machine,
  paths: readonly string[],
  action: () => Promise<void>,
): Promise<Seen> {
  const files = paths.map((path) => join(machine.root, path));
  const program = fileURLToPath(new URL('reader.mjs', import.meta.url));
  const stop = join(machine.directory, 'stop');
  const reader = machine.namespace.must([process.execPath, program, stop, ...files], { timeout: 230_000 });
  try {
    await Promise.race([until('the reader to begin', () => existsSync(`${stop}.ready`)), reader]);
    await action();
  } finally {
    writeFileSync(stop, '');
  }
  return JSON.parse(await reader) as Seen;
}
