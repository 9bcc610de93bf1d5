import type { NotProvidedError } from '../mount/unmounted/provide.js';
import type { NamespaceError } from '../run/enter.js';
import type { KeepError, Kept } from '../run/keep.js';
import type { GivenProblem } from '../run/problem.js';
import { printable, quoted, quotedList } from './printable.js';
import { reasonOf } from './reason.js';

/** Why `run` does not begin. */
export function describeGiven(problem: GivenProblem): string {
  switch (problem.kind) {
    case 'nothing':
      return 'Nothing to merge: name an image, a directory or an installed extension with --with=; or add --writable, to have a command change files of this system for itself alone.';
    case 'misfit':
      return `${quoted(problem.name)} does not fit, so the command was not run; --force runs it all the same.`;
    case 'same-name':
      return `${quotedList(problem.paths)} are both called ${quoted(problem.name)}, but each extension needs a name of its own; rename one of them.`;
    case 'keep-without-writable':
      return 'With --keep= the command must be allowed to write: add --writable.';
    case 'not-found':
      return `Cannot run ${quoted(problem.command)}: there is no such command${below(problem.root)}.`;
    case 'not-executable':
      return `Cannot run ${quoted(problem.command)}: ${quoted(problem.path)}${below(problem.root)} may not be executed.`;
  }
}

const below = (root: string): string => (root === '/' ? '' : ` below ${quoted(root)}`);

export function describeKept(path: string, { hierarchies }: Kept): string {
  return hierarchies.length === 0
    ? `The command has changed nothing that was merged; ${quoted(path)} is empty.`
    : `What the command has changed in ${quotedList(hierarchies)} is in ${quoted(path)}.`;
}

export function describeKeepError({ path, problem }: KeepError): string {
  const which = `Cannot save what the command changes in ${quoted(path)}`;
  switch (problem) {
    case 'not-empty':
      return `${which}: there is something in it already; name a directory that is empty or does not exist.`;
    case 'not-directory':
      return `${which}: it is not a directory; name another one.`;
    case 'no-parent':
      return `${which}: the directory that it would be in does not exist; make that first.`;
    case 'not-writable':
      return `${which}: you may not write there; name another directory.`;
    case 'inside':
      return `${which}: it lies in a hierarchy that is merged, so it would be gone with that; name a directory elsewhere.`;
    case 'on-overlay':
      return `${which}: it lies on an overlay, as in most containers, where the kernel makes no marks for what was removed; name a directory on another file system, such as a tmpfs. What else was changed is there, without a release file.`;
    case 'bad-name':
      return `${which}: its name cannot be that of an extension; choose another one.`;
  }
}

export function describeNamespace({ ofUser, cause }: NamespaceError): string {
  return ofUser
    ? `Failed to make a user namespace, which whoever is not root needs: ${reasonOf(cause)}. Run it as root, or allow user namespaces here.`
    : `Failed to make a mount namespace: ${reasonOf(cause)}.`;
}

/** An image whose files an ordinary user does not get. */
export function describeNotProvided({ image, problem, withFuse }: NotProvidedError): string {
  const which = `Cannot read image ${quoted(image.name)} (${printable(image.path)}, ${image.type}) where it cannot be mounted`;
  switch (problem.kind) {
    case 'no-unpacker':
      return `${which}: nothing but the kernel reads ${image.type} file systems; run it as root with loop devices, or use a directory.`;
    case 'unpacker-missing':
      return `${which}: there is no FUSE for it (${printable(withFuse)}), and ${problem.command} is missing; install ${problem.package}.`;
    case 'unpacker-failed':
      return `${which}: ${problem.command} failed to unpack it: ${printable(problem.said)}.`;
  }
}
