import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { isFileSystemRoot } from '../host/device.js';
import { propagationOf } from '../host/propagation.js';
import { errorCode, findBelow, resolveNewBelow } from '../host/root.js';
import { searchPathOf } from '../images/search-path.js';
import { foreseeStateDirectory } from '../mount/state-directory.js';
import { HostReleaseError, readHostRelease } from '../release/host-release.js';
import type { Finding, FindingOf } from './finding.js';

/** Where locks and workspaces would be. */
export function findStateDirectory(isPrivileged: boolean): FindingOf<'state-directory'> {
  const outlook = foreseeStateDirectory();
  return { code: 'state-directory', outlook, runIsMount: isFileSystemRoot('/run'), isPrivileged };
}

/** A hierarchy's directory. One that is not there is made when an extension has something for it. */
export function findHierarchy(root: string, hierarchy: string): FindingOf<'hierarchy'> {
  let path = join(root, hierarchy);
  try {
    path = resolveNewBelow(root, hierarchy);
    const found = statSync(path, { throwIfNoEntry: false });
    const isReadOnly = isOnReadOnly(found === undefined ? existingParent(path) : path);
    const finding = {
      code: 'hierarchy',
      hierarchy,
      path,
      propagation: propagationOf(path),
      isReadOnly,
    } as const;
    if (found === undefined) return { ...finding, state: isReadOnly ? 'absent-read-only' : 'absent' };
    return { ...finding, state: found.isDirectory() ? 'directory' : 'no-directory' };
  } catch (error) {
    const reason = errorCode(error);
    if (reason === undefined) throw error;
    const nothing = { propagation: null, isReadOnly: false };
    return { code: 'hierarchy', hierarchy, path, ...nothing, state: 'unreachable', reason };
  }
}

function existingParent(path: string): string {
  const parent = dirname(path);
  return statSync(parent, { throwIfNoEntry: false }) === undefined ? existingParent(parent) : parent;
}

/** access(2) says so first where the file system is. */
function isOnReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return errorCode(error) === 'EROFS';
  }
}

/** Whether the host says what it is, so that extensions can be matched with it. */
export function findOsRelease(root: string, env: NodeJS.ProcessEnv): FindingOf<'os-release'> {
  const finding = { code: 'os-release', id: null, versionId: null } as const;
  try {
    const { path, fields } = readHostRelease(root, env);
    const [id = null, versionId = null] = [fields.get('ID'), fields.get('VERSION_ID')];
    return { ...finding, state: 'found', path, id, versionId };
  } catch (error) {
    if (!(error instanceof HostReleaseError)) throw error;
    return { ...finding, state: error.kind, path: error.paths[0] ?? '/etc/os-release' };
  }
}

/** The directories in which extensions are looked for; they need not exist. */
export function findSearchDirectories(root: string, extensionClass: ExtensionClass): Finding[] {
  return searchPathOf(root, extensionClass).map(({ path }) => ({
    code: 'search-directory',
    path: join(root, path),
    state: lookAt(root, path),
  }));
}

function lookAt(root: string, place: string): FindingOf<'search-directory'>['state'] {
  try {
    const path = findBelow(root, place);
    if (path === null) return 'absent';
    if (!statSync(path).isDirectory()) return 'no-directory';
    accessSync(path, constants.R_OK | constants.X_OK);
    return 'there';
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 'unreadable';
  }
}
