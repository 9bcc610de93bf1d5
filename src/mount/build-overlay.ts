import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fs from 'fs-extra';
import type { ExtensionClass } from '../extension-class.js';
import { backingDeviceOf } from '../host/backing-device.js';
import { deviceOf } from '../host/device.js';
import { encodeLowerDirectories, isPlainPath, MAX_LAYERS } from '../overlay/lower-directories.js';
import { DEVICE_FILE } from '../overlay/metadata.js';
import type { Upper } from '../overlay/mutable.js';
import { hasEntries } from '../overlay/stack.js';
import type { Step } from '../overlay/step.js';
import { label, makeAlike } from './alike.js';
import { diagnoseOverlay, OverlayFailedError } from './diagnose.js';
import { commands, MountFailedError, mount } from './mount-command.js';
import { makeMountPoints } from './mount-points.js';
import { makeDirectory, type Workspace } from './workspace.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** More layers than overlayfs can stack. */
export class TooManyLayersError extends Error {
  constructor(
    readonly hierarchy: string,
    readonly layers: number,
    readonly limit: number,
  ) {
    super(`${layers} layers for '${hierarchy}'`);
  }
}

/** @throws LabelError, the errors of Node's file functions */
export function makeWriteDirectory({ path, like }: StepOf<'make-write-directory'>): void {
  mkdirSync(path);
  makeAlike(path, statSync(like));
  label(like, [path]);
}

/** @throws LabelError, the errors of Node's file functions */
export function writeMetadata(step: StepOf<'write-metadata'>): void {
  makeDirectory(step.directory);
  for (const [file, content] of Object.entries(step.files))
    fs.outputFileSync(join(step.directory, file), content);
  const { backingFile } = step;
  const backing = backingFile !== null && hasEntries(step.like) ? backingDeviceOf(step.like) : null;
  const numbered = backing === null || backingFile === null ? [] : [backingFile];
  for (const file of numbered) writeFileSync(join(step.directory, file), `${backing}\n`);
  makeAlike(step.directory, statSync(step.like));
  const files = [...Object.keys(step.files), ...numbered];
  const made = new Set(['.', ...files, ...files.map(dirname)]);
  label(
    step.like,
    [...made].map((file) => join(step.directory, file)),
  );
}

/** @throws TooManyLayersError, OverlayFailedError, CommandMissingError */
export function mountOverlay(
  step: StepOf<'mount-overlay'>,
  { lock }: Workspace,
  extensionClass: ExtensionClass,
): void {
  const imported = step.imported === null ? [] : [step.imported];
  const host = step.upper?.kind !== 'host' && hasEntries(step.host) ? [step.host] : [];
  const below = [...imported, ...step.extensions.map((layer) => layer.path), ...host];
  // overlayfs wants two lower directories, or one and an upper directory: then an empty one will do.
  if (below.length === 0 && step.upper === null) below.push(step.host);
  const layers = [step.metadata, ...below];
  if (layers.length > MAX_LAYERS) throw new TooManyLayersError(step.hierarchy, layers.length, MAX_LAYERS);
  makeMountPoints(step, step.upper?.kind === 'host' ? [step.host, ...below] : below);
  if (step.upper !== null) prepareUpper(step.upper, step.host);

  const { value, links } = encodeLowerDirectories(layers);
  makeDirectory(step.at);
  makeDirectory(step.links);
  for (const [name, target] of links) symlinkSync(target, join(step.links, name));
  const writable = step.upper === null ? [] : upperOptions(step.upper, step.links);
  const options = [
    ...step.flags,
    `lowerdir=${value}`,
    ...writable,
    ...(step.options ?? (step.upper === null ? '' : DEFAULTS)).split(',').filter(Boolean),
  ];
  try {
    const command = commands.overlay(step.at, step.source, options.join(','));
    mount(`mount the overlay for '${step.hierarchy}'`, command, { cwd: step.links, lock });
  } catch (cause) {
    if (!(cause instanceof MountFailedError)) throw cause;
    throw new OverlayFailedError(step.hierarchy, diagnoseOverlay(step), { cause });
  }
  // Only now the overlay has a number. Nobody has looked into it yet, so the kernel has cached nothing of the layer.
  const deviceFile = join(step.metadata, extensionClass.metadataDirectory, DEVICE_FILE);
  writeFileSync(deviceFile, `${deviceOf(step.at)}\n`);
  label(step.host, [deviceFile]);
}

/**
 * Of a writable overlay. `index` and `metacopy` are off because the host's directory, which changes with every update,
 * may not be what it was when the upper directory was written.
 */
const DEFAULTS = 'redirect_dir=on,metacopy=off,index=off';

/** Symlinks for the same reason as for lower directories. */
function upperOptions({ path, work }: Upper, links: string): string[] {
  const name = (target: string, link: string) => {
    if (isPlainPath(target)) return target;
    symlinkSync(target, join(links, link));
    return link;
  };
  return [`upperdir=${name(path, 'upper')}`, `workdir=${name(work, 'work')}`];
}

function prepareUpper({ path, work, kind }: Upper, host: string): void {
  if (kind === 'ephemeral') {
    makeDirectory(path);
    makeAlike(path, statSync(host));
    label(host, [path]);
  }
  mkdirSync(work, { recursive: true, mode: 0o700 });
}
