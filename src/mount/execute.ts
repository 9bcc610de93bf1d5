import { chmodSync, chownSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fs from 'fs-extra';
import type { ExtensionClass } from '../extension-class.js';
import { backingDeviceOf } from '../host/backing-device.js';
import { deviceOf } from '../host/device.js';
import { encodeLowerDirectories, MAX_LAYERS } from '../overlay/lower-directories.js';
import { DEVICE_FILE, readMerge } from '../overlay/metadata.js';
import type { Step } from '../overlay/plan.js';
import { hasEntries } from '../overlay/stack.js';
import { diagnoseOverlay, OverlayFailedError } from './diagnose.js';
import { commands, MountFailedError, mount } from './mount-command.js';
import { undoSteps } from './undo.js';
import { makeDirectory, type Workspace, writeJournal } from './workspace.js';

/** A merge was mounted, but looking at the hierarchy does not show it. */
export class NotVisibleError extends Error {
  constructor(
    readonly hierarchy: string,
    readonly path: string,
    /** Device number of what is seen there instead. */
    readonly found: string | null,
  ) {
    super(`The merge of '${hierarchy}' is not visible at '${path}'`);
  }
}

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

/** A step failed, and then what had been done could not be taken back either. The workspace must stay for recover(). */
export class UndoFailedError extends Error {
  constructor(
    readonly failure: unknown,
    options: { cause: unknown },
  ) {
    super('undo failed', options);
  }
}

/**
 * Carries out a plan. If a step fails, all that was done is undone, in reverse order, and the error is thrown.
 *
 * @throws UndoFailedError, MountFailedError, CommandMissingError, OverlayFailedError, NotVisibleError, TooManyLayersError, the errors of Node's file functions
 */
export function executePlan(
  steps: readonly Step[],
  workspace: Workspace,
  extensionClass: ExtensionClass,
): void {
  const begun: Step[] = [];
  try {
    for (const step of steps) {
      writeJournal(workspace, step);
      begun.push(step);
      execute(step, workspace, extensionClass);
    }
    writeJournal(workspace, { kind: 'done' });
  } catch (error) {
    try {
      undoSteps(begun, workspace);
    } catch (cause) {
      throw new UndoFailedError(error, { cause });
    }
    throw error;
  }
}

function execute(step: Step, workspace: Workspace, extensionClass: ExtensionClass): void {
  switch (step.kind) {
    case 'make-directory':
      return makeDirectory(step.path);
    case 'detach':
      return detach(step, workspace, extensionClass);
    case 'write-metadata':
      return writeMetadata(step);
    case 'mount-overlay':
      return mountOverlay(step, workspace, extensionClass);
    case 'place':
      return mount(`show the merge at '${step.path}'`, commands.bind(step.from, step.path), {
        lock: workspace.lock,
      });
    case 'verify':
      return verify(step, extensionClass);
  }
}

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** Merges can be stacked on one mount point, by calls of other programs; all of them come off. */
function detach(step: StepOf<'detach'>, { lock }: Workspace, extensionClass: ExtensionClass): void {
  for (let count = 0; readMerge(step.path, extensionClass) !== null; count++) {
    const keep = join(step.keep, String(count));
    makeDirectory(keep);
    mount(`keep the present merge of '${step.hierarchy}'`, commands.bind(step.path, keep), { lock });
    mount(`unmount '${step.path}'`, commands.detach(step.path), { lock });
  }
}

function writeMetadata(step: StepOf<'write-metadata'>): void {
  makeDirectory(step.directory);
  const host = statSync(step.like);
  for (const [file, content] of Object.entries(step.files))
    fs.outputFileSync(join(step.directory, file), content);
  const backing = hasEntries(step.like) ? backingDeviceOf(step.like) : null;
  if (backing !== null) writeFileSync(join(step.directory, step.backingFile), `${backing}\n`);
  chmodSync(step.directory, host.mode & 0o7777);
  // In a user namespace the host's owner may have no number; the files then are ours, as all that we make there.
  if (host.uid !== process.geteuid?.() || host.gid !== process.getegid?.()) {
    tolerateUnmapped(() => chownSync(step.directory, host.uid, host.gid));
  }
}

function tolerateUnmapped(change: () => void): void {
  try {
    change();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'EPERM') throw error;
  }
}

function mountOverlay(
  step: StepOf<'mount-overlay'>,
  { lock }: Workspace,
  extensionClass: ExtensionClass,
): void {
  const host = hasEntries(step.host) ? [step.host] : [];
  const layers = [step.metadata, ...step.extensions.map((layer) => layer.path), ...host];
  if (layers.length > MAX_LAYERS) throw new TooManyLayersError(step.hierarchy, layers.length, MAX_LAYERS);
  const { value, links } = encodeLowerDirectories(layers);
  makeDirectory(step.at);
  makeDirectory(step.links);
  for (const [name, target] of links) symlinkSync(target, join(step.links, name));
  const options = [...step.flags, `lowerdir=${value}`, ...(step.options === null ? [] : [step.options])].join(
    ',',
  );
  try {
    mount(`mount the overlay for '${step.hierarchy}'`, commands.overlay(step.at, step.source, options), {
      cwd: step.links,
      lock,
    });
  } catch (cause) {
    if (!(cause instanceof MountFailedError)) throw cause;
    throw new OverlayFailedError(step.hierarchy, diagnoseOverlay(step), { cause });
  }
  // Only now the overlay has a number. Nobody has looked into it yet, so the kernel has cached nothing of the layer.
  const device = deviceOf(step.at);
  writeFileSync(join(step.metadata, extensionClass.metadataDirectory, DEVICE_FILE), `${device}\n`);
}

function verify(step: StepOf<'verify'>, extensionClass: ExtensionClass): void {
  const merge = readMerge(step.path, extensionClass);
  const wanted = fs.readFileSync(join(step.metadata, DEVICE_FILE), 'utf8').trim();
  if (merge?.device !== wanted) throw new NotVisibleError(step.hierarchy, step.path, deviceOf(step.path));
}
