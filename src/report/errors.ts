import { ChoiceError } from '../choice/choice-error.js';
import { StrictError } from '../choice/strict-error.js';
import { AssertionSyntaxError } from '../expect/read-assertions.js';
import { FileTooLargeError, NotRegularFileError } from '../host/files.js';
import { CommandFailedError, CommandMissingError } from '../host/process.js';
import { errorCode, TooManySymlinksError } from '../host/root.js';
import { NotImageFileError } from '../images/byte-reader.js';
import { ImagePolicyError } from '../images/policy/parse.js';
import { InstallError } from '../install/problem.js';
import { DownloadError } from '../install/request.js';
import { LockedError, LockFileError, NotLockableError, TreeChangedError } from '../lock-file/errors.js';
import { LabelError } from '../mount/alike.js';
import { OverlayFailedError, type OverlayProblem } from '../mount/diagnose.js';
import { UnusableImagesError } from '../mount/examine-images.js';
import { NotVisibleError, UndoFailedError } from '../mount/execute.js';
import { ImageMountError } from '../mount/images.js';
import { LockInterruptedError, LockTimeoutError } from '../mount/lock.js';
import { MountFailedError } from '../mount/mount-command.js';
import { MountPointError } from '../mount/mount-points.js';
import { StateDirectoryError } from '../mount/state-directory.js';
import { NotProvidedError } from '../mount/unmounted/provide.js';
import { HierarchyError } from '../overlay/hierarchy-error.js';
import { TooManyLayersError } from '../overlay/layers.js';
import { WriteDirectoryError } from '../overlay/mutable.js';
import { PackError } from '../pack/problem.js';
import { HostReleaseError } from '../release/host-release.js';
import { ReleaseFieldError } from '../release/write-release.js';
import { NamespaceError } from '../run/enter.js';
import { KeepError } from '../run/keep.js';
import { GivenError } from '../run/problem.js';
import { describeChoiceError } from './choice.js';
import { describeSyntax } from './expect/syntax.js';
import { describePolicyError } from './image-policy/errors.js';
import { describeImageProblem } from './image-problems.js';
import { describeDownload, describeInstallProblem } from './install/problems.js';
import { describeLockedError, describeLockFileError, describeNotLockable } from './lock/differences.js';
import { octal } from './new-mode.js';
import { describeFieldError, describePackProblem } from './pack/errors.js';
import { printable, quoted, quotedList } from './printable.js';
import { ownerOf } from './program-owners.js';
import { reasonOf } from './reason.js';
import { describeGiven, describeKeepError, describeNamespace, describeNotProvided } from './run.js';
import { describeStrictError } from './strict.js';
import { describeUpdateError } from './update/errors.js';

export { reasonOf };

/**
 * Known errors in words, a line each: what happened, to which file, what to do.
 *
 * @returns `null` for an error that nobody expected: a bug, which keeps its stack
 */
export function describeError(error: unknown): string[] | null {
  const broken = describeBroken(error);
  if (broken !== null) return broken.map((line) => `${line} Nothing was changed.`);
  if (error instanceof ChoiceError) return describeChoiceError(error);
  if (error instanceof LockedError) return describeLockedError(error);
  if (error instanceof NotLockableError) return describeNotLockable(error);
  if (error instanceof AssertionSyntaxError) return describeSyntax(error);
  if (error instanceof UndoFailedError) return describeUndoFailed(error);
  const line = describeInOneLine(error);
  return line === null ? null : [line];
}

/** What is wrong with extensions, a sentence each, without what came of it; `null` for an error about something else. */
export function describeBroken(error: unknown): string[] | null {
  if (error instanceof UnusableImagesError) return error.images.map(describeUnusableImage);
  if (error instanceof ImageMountError) return [describeImageMount(error)];
  if (!(error instanceof HierarchyError) || error.kind !== 'extension-file') return null;
  const { extensions, hierarchy, path } = error;
  return [
    `Cannot merge extension ${quotedList(extensions)} into ${quoted(hierarchy)}: ${quoted(path)} is not a directory; remove it from the extension.`,
  ];
}

function describeInOneLine(error: unknown): string | null {
  if (error instanceof CommandMissingError) {
    const [section, owner] = ownerOf(error.command);
    return `Cannot run ${error.command}(${section}): it is not in PATH or not executable; install ${owner}.`;
  }
  if (error instanceof CommandFailedError)
    return `Failed to run ${printable(error.result.command[0] ?? '')}: ${reasonOf(error)}.`;
  if (error instanceof NotImageFileError)
    return `${printable(error.message)}, so it cannot be an image; remove it.`;
  if (error instanceof ImagePolicyError) return describePolicyError(error);
  if (error instanceof OverlayFailedError) return describeOverlay(error);
  if (error instanceof WriteDirectoryError) return describeWriteDirectory(error);
  if (error instanceof LabelError) {
    return `Failed to label what was made for ${quoted(error.path)} like it, as SELinux would need: ${reasonOf(error.cause)}. Nothing was changed.`;
  }
  if (error instanceof HierarchyError) return describeHierarchy(error);
  if (error instanceof LockFileError) return describeLockFileError(error);
  if (error instanceof TreeChangedError)
    return `Failed to read ${quoted(error.path)}: it was changed meanwhile; try again.`;
  if (error instanceof StrictError) return describeStrictError(error);
  if (error instanceof TooManySymlinksError) return `${printable(error.message)}: they run in circles.`;
  if (error instanceof MountFailedError)
    return `Failed to ${printable(error.action)}: ${reasonOf(error.cause)}.`;
  if (error instanceof NotProvidedError) return describeNotProvided(error);
  if (error instanceof NamespaceError) return describeNamespace(error);
  if (error instanceof KeepError) return describeKeepError(error);
  if (error instanceof PackError) return describePackProblem(error.problem);
  if (error instanceof ReleaseFieldError) return describeFieldError(error);
  if (error instanceof GivenError) return describeGiven(error.problem);
  if (error instanceof NotVisibleError) return describeNotVisible(error);
  if (error instanceof MountPointError)
    return `Cannot keep the mount at ${quoted(error.mountPoint)}: ${quoted(error.path)} is in its way, and mount(8) could be led elsewhere by it; remove it, or unmount what is mounted below the hierarchy. Nothing was changed.`;
  if (error instanceof TooManyLayersError) {
    return `${error.layers} layers would be needed for ${quoted(error.hierarchy)}, but overlayfs takes at most ${error.limit}; remove some extensions.`;
  }
  if (error instanceof LockTimeoutError) {
    const who = error.holder === null ? 'Another call' : `Another call (process ${error.holder})`;
    const since = error.seconds === 0 ? '' : ` for more than ${error.seconds} s`;
    return `${who} is at work on the same root${since}; try again later, or with a longer --lock-timeout=.`;
  }
  if (error instanceof LockInterruptedError) return 'Interrupted while waiting for another call.';
  if (error instanceof StateDirectoryError) return `${printable(error.message)}${causeOf(error)}.`;
  if (error instanceof HostReleaseError) return describeHostRelease(error);
  if (error instanceof InstallError) return describeInstallProblem(error.problem);
  if (error instanceof DownloadError) return describeDownload(error.url, error.problem);
  if (error instanceof NotRegularFileError || error instanceof FileTooLargeError)
    return `${printable(error.message)}.`;
  return describeUpdateError(error) ?? describeSystemError(error);
}

function describeUnusableImage({ image, problem: what }: UnusableImagesError['images'][number]): string {
  const { problem, remedy } = describeImageProblem(what);
  return `Cannot use image ${quoted(image.name)} (${printable(image.path)}): ${problem}; ${remedy}.`;
}

function describeUndoFailed({ failure, cause }: UndoFailedError): string[] {
  const lines = [failure, cause].flatMap((error) => describeError(error) ?? [String(error)]);
  return [...lines, 'What was mounted before could not be put back; the next call tries again.'];
}

function describeWriteDirectory({ problem, hierarchy, path }: WriteDirectoryError): string {
  const which = `Cannot use ${quoted(path)} as write directory of ${quoted(hierarchy)}`;
  switch (problem.kind) {
    case 'is-hierarchy':
      return `${which}: it points to the hierarchy itself, which cannot be imported into itself; use --mutable=yes or another directory. Nothing was changed.`;
    case 'no-directory':
      return `${which}: it is not a directory; remove it. Nothing was changed.`;
    case 'mode':
      return `${which}: it has mode ${octal(problem.found)}, ought to have mode ${octal(problem.wanted)} like the hierarchy; change it with chmod. Nothing was changed.`;
    case 'other-mount':
      return `${which}: its parent directory, where the work directory must be, is on another file system; use a directory below a mount point instead of the mount point. Nothing was changed.`;
    case 'read-only':
      return `${which}: it is on a read-only file system. Nothing was changed.`;
  }
}

function describeHierarchy({ kind, hierarchy, path, extensions }: HierarchyError): string | null {
  switch (kind) {
    case 'extension-file':
      return null;
    case 'no-directory':
      return `Cannot merge into ${quoted(hierarchy)}: ${quoted(path)} is not a directory; remove it or make it one. Nothing was changed.`;
    case 'contains-extension':
      return `Cannot merge ${quoted(path)} into ${quoted(hierarchy)}: it lies inside of that hierarchy; move the extension elsewhere, for example below /var/lib. Nothing was changed.`;
    case 'same-directory':
      return `Cannot merge ${quoted(path)} into ${quoted(hierarchy)} twice: the extensions ${quotedList(extensions)} are one directory; remove one of the names. Nothing was changed.`;
  }
}

function describeOverlay({ hierarchy, problem, cause }: OverlayFailedError): string {
  const reason = describeOverlayProblem(problem);
  const said = cause instanceof MountFailedError ? reasonOf(cause.cause) : reasonOf(cause);
  return `Failed to mount the overlay for ${quoted(hierarchy)}: ${reason === null ? said : `${reason} (${said})`}. Nothing was changed.`;
}

/** Why the kernel refused an overlay, and what to do about it; `null` if that is not known. */
export function describeOverlayProblem(problem: OverlayProblem): string | null {
  switch (problem.kind) {
    case 'layer-vanished':
      return `extension ${quoted(problem.extension)} vanished while it was merged, ${quoted(problem.path)} is gone`;
    case 'no-overlayfs':
      return 'this kernel has no overlayfs; load its module with modprobe overlay';
    case 'kernel-too-old':
      return `in a user namespace overlays need Linux ${problem.wanted}, this is ${problem.found}`;
    case 'nested': {
      const [are, each] =
        problem.paths.length === 1
          ? ['is on an overlay itself', 'it']
          : ['are on overlays themselves', 'each'];
      return `${quotedList(problem.paths)} ${are}, and the kernel stacks only two of them; mount a tmpfs on ${each} with a copy of what is there, or have the storage of the container on a volume`;
    }
    case 'locked-mount':
      return `in a user namespace ${quoted(problem.path)} cannot be a layer, because ${quoted(problem.mount)} was mounted outside of it; have it mounted elsewhere, or run this as root of the machine`;
    case 'unknown':
      return null;
  }
}

function describeImageMount({ image, cause, noLoopDevices }: ImageMountError): string {
  const which = `Failed to mount image ${quoted(image.name)} (${printable(image.path)}, ${image.type})`;
  const reason = noLoopDevices
    ? `there are no loop devices here (${reasonOf(cause)}); give this container some, or unpack the image to a directory`
    : reasonOf(cause);
  return `${which}: ${reason}.`;
}

function describeNotVisible({ hierarchy, path, found }: NotVisibleError): string {
  const what = found === null ? 'it is gone' : `there is another file system (device ${found})`;
  return `The merge of ${quoted(hierarchy)} was mounted, but at ${quoted(path)} ${what}: something else was mounted there at the same time. Nothing was changed.`;
}

function describeHostRelease({ kind, paths, cause }: HostReleaseError): string {
  switch (kind) {
    case 'missing':
      return `No os-release file: neither of ${quotedList(paths)} exists, so what fits this system cannot be told; create one with at least ID=.`;
    case 'unreadable':
      return `Failed to read ${quotedList(paths)}: ${reasonOf(cause)}.`;
    case 'no-id':
      return `'ID' field not found or empty in ${quotedList(paths)}, so what fits this system cannot be told; add ID=.`;
  }
}

/** Errors of file functions tell the path themselves. */
function describeSystemError(error: unknown): string | null {
  if (errorCode(error) === undefined || !(error instanceof Error) || !('syscall' in error)) return null;
  const { path, syscall, code } = error as NodeJS.ErrnoException;
  // As Node calls the start of a program.
  if (syscall?.startsWith('spawn'))
    return `Failed to start ${quoted(path ?? 'a program')}: ${reasonOf(error)} (${code}).`;
  const where = path === undefined ? '' : ` on ${quoted(path)}`;
  return `Failed: ${printable(String(syscall))}${where}: ${reasonOf(error)} (${code}).`;
}

function causeOf(error: Error): string {
  return error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`;
}
