import { existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { findBelow, isMissing } from '../../host/root.js';
import { checkImageName } from '../../images/image-name.js';
import { copyWhole, SIDECARS } from '../../install/copy.js';
import { checksumOf } from '../../install/file-checksum.js';
import { parseReleasedName, type ReleasedName } from '../../install/file-name.js';
import { placeBelow } from '../../install/places.js';
import { refuse } from '../../install/problem.js';
import { parseAddress, withoutPassword } from '../../install/request.js';
import { makeStage } from '../../install/stage.js';
import { quoted } from '../../report/printable.js';
import type { Context } from '../context.js';
import { installPlaces } from './change.js';
import { compareChecksum, downloadStaged, leaveStage } from './download-staged.js';
import { findLostAttribute } from './lost-marks.js';

/** An image that lies beside where it is to be, under names that nobody takes. */
export interface Staged {
  /** As the user calls it. */
  readonly source: string;
  readonly kind: 'raw' | 'directory';
  readonly released: ReleasedName;
  /** The directory that has nothing else in it. */
  readonly stage: string;
  /** In it. */
  readonly path: string;
}

type Source =
  | { readonly kind: 'url'; readonly url: URL; readonly fileName: string }
  | { readonly kind: 'raw' | 'directory'; readonly path: string; readonly fileName: string };

/**
 * Copies or downloads an image to the file system where it is to be installed, and compares its checksum. Needs no lock, since
 * nobody looks there; when it fails, or a signal ends it, all of it goes but a download that a later call can go on with.
 *
 * @throws InstallError, DownloadError, the errors of file functions
 */
export async function stageSource(context: Context, argument: string): Promise<Staged> {
  const source = readSource(argument);
  const { extensionClass } = context.commandLine;
  const released = readName(context, source.fileName);
  const suffix = source.kind === 'directory' ? '' : '.raw';
  const place = placeBelow(context.root, installPlaces(context).images);
  const versioned = findBelow(
    context.root,
    join(installPlaces(context).images, `${released.name}${suffix}.v`),
  );
  mkdirSync(place, { recursive: true });
  const stage = makeStage(versioned ?? place);
  const path = join(stage, `${released.name}${suffix}`);
  const shown = source.kind === 'url' ? withoutPassword(source.url) : argument;
  const leave = (cause: unknown) => leaveStage(context, stage, source.fileName, cause);
  return await untilSignal(leave, async () => {
    if (source.kind === 'url') {
      const places = [...new Set([dirname(stage), place])];
      await downloadStaged(context, source, { places, stage, path });
    } else copy(context, source.path, path, released.name);
    const kind = source.kind === 'directory' ? 'directory' : 'raw';
    context.log.debug(`Staged ${quoted(shown)} as ${quoted(path)}.`, { class: extensionClass.name });
    return { source: shown, kind, released, stage, path };
  });
}

function readSource(argument: string): Source {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(argument)) {
    const url = parseAddress(argument);
    const fileName = decodeName(basename(url.pathname));
    if (!fileName.endsWith('.raw')) refuse({ kind: 'no-raw', source: withoutPassword(url) });
    return { kind: 'url', url, fileName };
  }
  let path: string;
  try {
    if (argument === '') refuse({ kind: 'no-source', source: argument });
    path = realpathSync(argument);
  } catch (error) {
    if (isMissing(error)) refuse({ kind: 'no-source', source: argument });
    throw error;
  }
  const status = statSync(path);
  const fileName = basename(resolve(argument));
  if (status.isDirectory()) return { kind: 'directory', path, fileName };
  if (!status.isFile()) refuse({ kind: 'no-image', source: argument });
  if (!fileName.endsWith('.raw')) refuse({ kind: 'no-raw', source: argument });
  return { kind: 'raw', path, fileName };
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readName({ commandLine }: Context, fileName: string): ReleasedName {
  const { extensionClass, installing } = commandLine;
  const released = parseReleasedName(fileName, extensionClass.suffix);
  const problem = checkImageName(released.name);
  if (problem !== null) refuse({ kind: 'bad-name', name: released.name, problem });
  return installing.versionAs === null ? released : { ...released, version: installing.versionAs };
}

function copy({ commandLine }: Context, source: string, path: string, name: string): void {
  const { sha256 } = commandLine.installing;
  const isDirectory = statSync(source).isDirectory();
  if (isDirectory && sha256 !== null) refuse({ kind: 'checksum-of-directory', source });
  copyWhole(source, path);
  if (isDirectory) {
    const lost = findLostAttribute(source, path, dirname(dirname(path)));
    if (lost !== null) refuse({ kind: 'lost-mark', source, lost });
    return;
  }
  compareChecksum(source, sha256, () => checksumOf(path));
  for (const sidecar of SIDECARS) {
    const beside = source.replace(/\.raw$/, '') + sidecar;
    if (existsSync(beside)) copyWhole(realpathSync(beside), join(path, '..', name + sidecar));
  }
}

/**
 * Until the lock is taken nothing has been changed, so a signal may end the call.
 *
 * @param leave is told of the signal or the error that ends it
 */
async function untilSignal<Result>(
  leave: (cause: unknown) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const stop = (signal: NodeJS.Signals) => {
    leave(signal);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await action();
  } catch (error) {
    leave(error);
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Gives what is staged the name that it will have. @returns the new path */
export function renameStaged({ stage, path, kind, released }: Staged, stem: string): string {
  const target = join(stage, `${stem}${kind === 'raw' ? '.raw' : ''}`);
  if (target === path) return path;
  for (const sidecar of SIDECARS) {
    const beside = join(stage, released.name + sidecar);
    if (existsSync(beside)) renameSync(beside, join(stage, stem + sidecar));
  }
  renameSync(path, target);
  return target;
}
