import { hostname, release } from 'node:os';
import { hostArchitecture } from '../host/architecture.js';
import { readTextFile } from '../host/files.js';
import { findBelow } from '../host/root.js';
import type { SpecifierValues } from './specifiers.js';

/**
 * What specifiers stand for on this host (sysupdate.d(5), "Specifiers").
 *
 * @param root absolute path, free of symlinks
 * @param fields of its os-release
 */
export function hostValues(
  root: string,
  fields: ReadonlyMap<string, string>,
  env: NodeJS.ProcessEnv,
): SpecifierValues {
  const field = (name: string) => () => fields.get(name) ?? '';
  const file = (path: string) => () => readLine(root, path);
  const temporary = env['TMPDIR'] || null;
  return {
    a: hostArchitecture,
    A: field('IMAGE_VERSION'),
    b: () => readLine('/', '/proc/sys/kernel/random/boot_id').replaceAll('-', ''),
    B: field('BUILD_ID'),
    H: hostname,
    l: () => hostname().split('.', 1)[0]!,
    m: file('/etc/machine-id'),
    M: field('IMAGE_ID'),
    o: field('ID'),
    v: release,
    w: field('VERSION_ID'),
    W: field('VARIANT_ID'),
    T: () => temporary ?? '/tmp',
    V: () => temporary ?? '/var/tmp',
  };
}

/** Nothing, for a file that is not there or cannot be read. */
function readLine(root: string, path: string): string {
  try {
    const found = findBelow(root, path);
    return found === null ? '' : readTextFile(found).trim();
  } catch {
    return '';
  }
}
