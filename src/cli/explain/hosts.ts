import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { hostArchitecture } from '../../host/architecture.js';
import { readTextFile } from '../../host/files.js';
import { type HostRelease, HostReleaseError, readHostRelease } from '../../release/host-release.js';
import { type ParsedRelease, parseRelease } from '../../release/os-release.js';
import type { ExplainedHost } from '../../report/explanation/candidate.js';
import type { Context } from '../context.js';

/**
 * The hosts to explain for: this one, or those whose release files were named.
 *
 * @throws HostReleaseError
 */
export function chooseHosts({ root, env, commandLine }: Context): ExplainedHost[] {
  const { files, architecture, scope } = commandLine.otherHosts;
  const known = files.length === 0 ? [readHostRelease(root, env)] : files.map(readNamed);
  return known.map((release) => ({
    label: release.path,
    release: {
      ...release,
      architecture: architecture ?? release.architecture,
      scope: scope ?? release.scope,
    },
  }));
}

/** Of a release file alone nobody knows the machine, so it is taken to be one like this. @throws HostReleaseError */
export function readNamed(file: string): HostRelease {
  const path = resolve(file);
  let parsed: ParsedRelease;
  try {
    parsed = parseRelease(readTextFile(realpathSync(path)));
  } catch (cause) {
    throw new HostReleaseError('unreadable', [path], { cause });
  }
  if (!parsed.fields.get('ID')) throw new HostReleaseError('no-id', [path]);
  return { path, ...parsed, architecture: hostArchitecture(), scope: 'system' };
}
