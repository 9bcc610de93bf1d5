import { readFileSync } from 'node:fs';
import { mountAt, parseMountTable } from './mount-table.js';

/** Whether the mount that a path is on is read-only, or its file system. Nothing is known to be where there is no mount table. */
export function isReadOnlyMount(path: string): boolean {
  try {
    return findReadOnly(readFileSync('/proc/self/mountinfo', 'latin1'), path);
  } catch {
    return false;
  }
}

/** @param text as in /proc/self/mountinfo: flags of the mount in the sixth field, those of the file system in the last */
export function findReadOnly(text: string, path: string): boolean {
  const mount = mountAt(parseMountTable(text), path);
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${mount?.id} `)) ?? '';
  const fields = line.split(' ');
  return [fields[5], fields.at(-1)].some((flags) => flags?.split(',').includes('ro'));
}
