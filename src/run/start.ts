import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { findBelow, insideRoot } from '../host/root.js';
import { commands, mount } from '../mount/mount-command.js';
import type { Entered } from './enter.js';
import { environmentOfUser } from './enter.js';
import type { Start } from './supervise.js';

/** What another root needs of the kernel's file systems for programs to work, as far as it has a place for them. */
const KERNEL = ['/proc', '/sys', '/dev'];

/**
 * Shows the file systems of the kernel below another root, as programs in it expect. The mount namespace is one of its own.
 *
 * @throws MountFailedError, CommandMissingError, the errors of look-ups
 */
export function furnishRoot(root: string): void {
  if (root === '/') return;
  for (const place of KERNEL) {
    const at = findBelow(root, place);
    if (at === null || !statSync(at).isDirectory()) continue;
    mount(`show '${place}' at '${at}'`, commands.bindTree(place, at));
  }
}

/** Where a command begins below a root: where the user is, if that is there, else at the root itself. */
export function directoryBelow(root: string, here: string): string {
  if (root === '/') return here;
  const inside = here === root || here.startsWith(`${root}/`) ? insideRoot(root, here) : '/';
  return existsSync(posix.join(root, inside)) ? inside : '/';
}

/**
 * How the command is started: by itself, or through unshare(1), which changes the root, and makes an ordinary user of the root of
 * the user namespace again, without capabilities.
 */
export function startOf(
  command: readonly string[],
  root: string,
  directory: string,
  { runAs }: Entered,
  env: NodeJS.ProcessEnv,
): Start {
  const options = [
    ...(runAs === null ? [] : ['--user', `--map-user=${runAs.uid}`, `--map-group=${runAs.gid}`]),
    ...(root === '/' ? [] : [`--root=${root}`, `--wd=${directory}`]),
  ];
  const [program, ...args] = command as [string, ...string[]];
  return {
    command: options.length === 0 ? [program, ...args] : ['unshare', ...options, '--', program, ...args],
    env: environmentOfUser(env),
    // The directory as it is now: where it is merged, the one that this process is in lies below.
    cwd: root === '/' ? directory : '/',
  };
}
