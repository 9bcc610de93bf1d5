import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The directories above a path that are not there, outermost first. */
export function missingParents(path: string): string[] {
  const parent = dirname(path);
  return existsSync(parent) ? [] : [...missingParents(parent), parent];
}
