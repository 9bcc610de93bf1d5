import { readFileSync } from 'node:fs';
import { mountAt, parseMountTable } from './mount-table.js';

/** How mounts below a mount travel (mount_namespaces(7)). */
export type Propagation = 'shared' | 'private' | 'slave' | 'unbindable';

/** That of the mount which a path is on. @returns `null` where there is no mount table */
export function propagationOf(path: string): Propagation | null {
  try {
    return findPropagation(readFileSync('/proc/self/mountinfo', 'latin1'), path);
  } catch {
    return null;
  }
}

/** @param text as in /proc/self/mountinfo: the optional fields stand between the flags and the ` - ` */
export function findPropagation(text: string, path: string): Propagation | null {
  const mount = mountAt(parseMountTable(text), path);
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${mount?.id} `));
  if (line === undefined) return null;
  const fields = line.split(' - ', 1)[0]!.split(' ').slice(6);
  if (fields.some((field) => field.startsWith('shared:'))) return 'shared';
  if (fields.some((field) => field.startsWith('master:'))) return 'slave';
  return fields.includes('unbindable') ? 'unbindable' : 'private';
}
