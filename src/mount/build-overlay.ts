import { existsSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { backingDeviceOf } from '../host/backing-device.js';
import { deviceOf } from '../host/device.js';
import { naming } from '../host/files.js';
import { layersOf } from '../overlay/layers.js';
import { encodeLowerDirectories } from '../overlay/lower-directories.js';
import { BACKING_FILE, DEVICE_FILE } from '../overlay/metadata.js';
import type { Upper } from '../overlay/mutable.js';
import { overlayOptions, upperLinks } from '../overlay/overlay-options.js';
import { hasEntries } from '../overlay/stack.js';
import type { Step } from '../overlay/step.js';
import { WORK_FILE } from '../overlay/work-directory.js';
import { label, makeAlike } from './alike.js';
import { diagnoseOverlay, OverlayFailedError } from './diagnose.js';
import { commands, MountFailedError, mount } from './mount-command.js';
import { makeMountPoints } from './mount-points.js';
import { makeDirectory, type Workspace } from './workspace.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** @throws LabelError, the errors of Node's file functions */
export function makeWriteDirectory({ path, like }: StepOf<'make-write-directory'>): void {
  mkdirSync(path);
  makeAlike(path, statSync(like));
  label(like, [path]);
}

/** @throws LabelError, the errors of Node's file functions */
export function writeMetadata(step: StepOf<'write-metadata'>): void {
  makeDirectory(step.directory);
  for (const [file, content] of Object.entries(step.files)) {
    makeDirectory(dirname(join(step.directory, file)));
    write(join(step.directory, file), content);
  }
  const { backingFile } = step;
  const backing = backingFile !== null && hasEntries(step.like) ? backingDeviceOf(step.like) : null;
  const numbered = backing === null || backingFile === null ? [] : [backingFile];
  for (const file of numbered) write(join(step.directory, file), `${backing}\n`);
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
  const layers = layersOf(step, hasEntries(step.host));
  const [, ...below] = layers;
  makeMountPoints(step, step.upper?.kind === 'host' ? [step.host, ...below] : below);
  if (step.upper !== null) prepareUpper(step.upper, step.host);

  hideForeignMetadata(step, below, extensionClass, lock);

  const { value, links } = encodeLowerDirectories(layers);
  makeDirectory(step.at);
  makeDirectory(step.links);
  for (const [name, target] of links) symlinkSync(target, join(step.links, name));
  const writable = upperLinks(step);
  for (const [name, target] of writable.links) symlinkSync(target, join(step.links, name));
  const options = overlayOptions(step, value, writable);
  try {
    const command = commands.overlay(step.at, step.source, options);
    mount(`mount the overlay for '${step.hierarchy}'`, command, { cwd: step.links, lock });
  } catch (cause) {
    if (!(cause instanceof MountFailedError)) throw cause;
    throw new OverlayFailedError(step.hierarchy, diagnoseOverlay(step), { cause });
  }
  // Only now the overlay has a number. Nobody has looked into it yet, so the kernel has cached nothing of the layer.
  const deviceFile = join(step.metadata, extensionClass.metadataDirectory, DEVICE_FILE);
  write(deviceFile, `${deviceOf(step.at)}\n`);
  label(step.host, [deviceFile]);
}

const write = (path: string, content: string): void => naming(path, () => writeFileSync(path, content));

/** Files of the metadata that not every merge has. */
const OPTIONAL_FILES = [WORK_FILE, BACKING_FILE];

/**
 * An image, or a host that is a copy of a merged tree, may have a metadata directory of its own. What is in it would be seen
 * where ours has nothing of that name, and then the image would say what unmerge removes. So whiteouts stand there
 * (overlayfs.rst), which any user namespace may make.
 *
 * @param layers below the metadata layer
 */
function hideForeignMetadata(
  { metadata, hierarchy }: StepOf<'mount-overlay'>,
  layers: readonly string[],
  { metadataDirectory }: ExtensionClass,
  lock: number,
): void {
  const foreign = layers.map((layer) => join(layer, metadataDirectory)).filter(isDirectory);
  for (const file of foreign.length === 0 ? [] : OPTIONAL_FILES) {
    const own = join(metadata, metadataDirectory, file);
    if (!existsSync(own))
      mount(`hide the metadata in a layer of '${hierarchy}'`, commands.whiteout(own), { lock });
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function prepareUpper({ path, work, kind }: Upper, host: string): void {
  if (kind === 'ephemeral') {
    makeDirectory(path);
    makeAlike(path, statSync(host));
    label(host, [path]);
  }
  mkdirSync(work, { recursive: true, mode: 0o700 });
}
