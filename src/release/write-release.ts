import type { ExtensionClass } from '../extension-class.js';

/** A field of a release file cannot be written. */
export class ReleaseFieldError extends Error {
  constructor(
    readonly field: string,
    readonly problem: 'name' | 'value',
  ) {
    super(`release field ${field}: ${problem}`);
  }
}

/**
 * What a release file says so that the extension fits a host: its ID, and the level if it has one, because a level counts instead
 * of the version (systemd-sysext(8)). A rolling system has neither.
 */
export function hostFields(
  host: ReadonlyMap<string, string>,
  { levelField }: ExtensionClass,
): Map<string, string> {
  const fields = new Map([['ID', host.get('ID') ?? '']]);
  const bound = [levelField, 'VERSION_ID'].find((field) => host.get(field));
  return bound === undefined ? fields : fields.set(bound, host.get(bound)!);
}

/**
 * A release file, in the order of the fields: an assignment a line, in double quotes where a shell would need them (os-release(5)).
 *
 * @throws ReleaseFieldError
 */
export function releaseText(fields: ReadonlyMap<string, string>): string {
  return [...fields].map(([name, value]) => `${name}=${quote(name, value)}\n`).join('');
}

function quote(name: string, value: string): string {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new ReleaseFieldError(name, 'name');
  if (/[\x00-\x1f\x7f\ufffd]/.test(value)) throw new ReleaseFieldError(name, 'value');
  if (/^[A-Za-z0-9_.:/+~^@%,-]*$/.test(value)) return value;
  return `"${value.replace(/[\\"$`]/g, '\\$&')}"`;
}
