import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyBytes } from '../../host/copy-bytes.js';
import { isFileSystemRoot } from '../../host/device.js';
import { ImageMountError, type MountableFileSystem, mountImages } from '../images.js';
import { makeDirectory, type Workspace } from '../workspace.js';
import { mountByProgram } from './fuse.js';
import { type UnpackProblem, unpack } from './unpack.js';

/** The files of an image cannot be had without the privilege to mount it. */
export class NotProvidedError extends Error {
  constructor(
    readonly image: MountableFileSystem,
    readonly problem: UnpackProblem,
    /** Why there was no help from FUSE. */
    readonly withFuse: string,
  ) {
    super(`files of ${image.path}`);
  }
}

/**
 * Mounts images where the kernel can. Where it cannot for want of loop devices, as in many containers, what was not mounted is
 * shown as for an ordinary user.
 *
 * @throws the errors of mountImages() and provideImages()
 */
export function mountOrProvide(
  images: readonly MountableFileSystem[],
  flags: readonly string[],
  workspace: Workspace,
): void {
  try {
    mountImages(images, flags, workspace);
  } catch (error) {
    if (!(error instanceof ImageMountError) || !error.noLoopDevices) throw error;
    const missing = images.filter(({ at }) => !isFileSystemRoot(at));
    provideImages(missing, flags, workspace);
  }
}

/**
 * Makes the files of images readable where the kernel mounts no file system for this user: by a program of FUSE, or else
 * unpacked into the workspace, which is in memory, and gone with the mount namespace however that ends.
 *
 * @throws NotProvidedError, the errors of Node's file functions
 */
export function provideImages(
  images: readonly MountableFileSystem[],
  _flags: readonly string[],
  { directory }: Workspace,
): void {
  for (const image of images) {
    makeDirectory(image.at);
    const { source, loop, type, at, isLimited } = image;
    // Not all of these programs can begin in the midst of a file, and none knows an end.
    const isPart = loop !== null && (loop.offset > 0n || isLimited);
    const file = isPart ? join(directory, 'part') : source;
    if (isPart) copyBytes(source, loop, file);
    const withFuse = mountByProgram(type, file, at, directory);
    const problem = withFuse === null ? null : unpack(type, file, at);
    if (isPart) rmSync(file);
    if (problem !== null) throw new NotProvidedError(image, problem, withFuse ?? '');
  }
}
