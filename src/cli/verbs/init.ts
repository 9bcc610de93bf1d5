import { resolve } from 'node:path';
import { sourceTree, writeSourceTree } from '../../pack/init.js';
import { readHostRelease } from '../../release/host-release.js';
import { describeInit } from '../../report/pack/notes.js';
import { releaseFileText } from '../../report/pack/release-file.js';
import { type Context, resolveRoot } from '../context.js';
import { fieldsOf } from '../pack/field-options.js';

/**
 * `init NAME`: the source tree of a new extension, for the system that is named, or else for this one.
 *
 * @returns 0; a directory that has something in it is left as it is, and that is an error
 */
export function init({ commandLine, root, env, log }: Context): number {
  const { argument, extensionClass, otherHosts, pack } = commandLine;
  const { forHost, id } = pack.fields;
  const path = resolve(argument ?? '');
  // Who says for which system it is need not be on one.
  const host =
    forHost === null && id !== null
      ? null
      : readHostRelease(forHost === null ? root : resolveRoot(forHost), env).fields;
  const fields = fieldsOf(pack.fields, extensionClass, host, otherHosts.architecture);
  const tree = sourceTree(path, extensionClass, (name) => releaseFileText(name, extensionClass, fields));
  writeSourceTree(path, tree);
  for (const line of describeInit(argument ?? '', tree, commandLine)) log.info(line);
  return 0;
}
