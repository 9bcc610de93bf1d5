import type { PackProblem } from '../../pack/problem.js';
import type { ReleaseFieldError } from '../../release/write-release.js';
import { describeLostMark } from '../lost-marks.js';
import { printable, quoted, quotedList } from '../printable.js';
import { reasonOf } from '../reason.js';

/** Why nothing was made: what, which file, what to do. */
export function describePackProblem(problem: PackProblem): string {
  switch (problem.kind) {
    case 'no-source':
      return 'Nothing to pack: name a directory, an archive or a package, or use --deb= or --tar=.';
    case 'no-output':
      return 'Name the image to make with --output=, such as --output=NAME.raw.';
    case 'source-missing':
      return `There is no ${quoted(problem.path)} to pack.`;
    case 'source-unknown':
      return `Cannot pack ${quoted(problem.path)}: it is neither a directory nor a Debian package nor a tar archive.`;
    case 'special-file':
      return `Cannot pack ${quoted(problem.path)}, a ${problem.type}: an extension has files, directories and symlinks; remove it.`;
    case 'bad-name':
      return `Cannot pack ${quoted(problem.path)}: its name has control characters or is not UTF-8; rename it.`;
    case 'unreadable':
      return `Cannot pack ${quoted(problem.path)}: it cannot be read (${problem.code}).`;
    case 'hierarchy-not-directory':
      return `Cannot pack ${quoted(problem.path)}: it is not a directory, so nothing in it would be merged; make it one.`;
    case 'too-many-files':
      return `Cannot pack ${quoted(problem.path)}: there are too many files in it.`;
    case 'nothing-to-pack':
      return `There is nothing to pack: the sources have no files in ${quotedList(problem.hierarchies)}.`;
    case 'output-name':
      return `Cannot make ${quoted(problem.path)}: a merge would not take it for an extension; call it ${problem.wanted}.`;
    case 'output-kind':
      return `Cannot make ${quoted(problem.path)}: there is something else of that name; choose another name.`;
    case 'output-parent':
      return `Cannot make ${quoted(problem.path)}: the directory that it would be in does not exist; make that first.`;
    case 'output-not-empty':
      return `Cannot make ${quoted(problem.path)}: there is something in it already; choose another name or remove it.`;
    case 'output-inside':
      return `Cannot make ${quoted(problem.path)} in ${quoted(problem.source)}, which is a part of the source; choose another place.`;
    case 'no-fields':
      return 'Nothing says for which system it is: add --for-host=/ for this one, or --id= and --version-id= for others, or --id=_any for all.';
    case 'several-release-files':
      return `The sources have several release files, and none is that of the image: ${quotedList(problem.names)}; remove all but one.`;
    case 'no-such-unit':
      return `Cannot have ${quoted(problem.unit)} start: there is no '${printable(problem.path)}' in the sources.`;
    case 'unit-name':
      return `${quoted(problem.unit)} is no name of a unit, such as 'name.service'.`;
    case 'unit-in-confext':
      return 'Configuration extensions bring no services: leave out --service=.';
    case 'key-alone':
      return `To sign takes a key and its certificate: add ${problem.missing}.`;
    case 'key-unreadable':
      return `Cannot sign with ${quoted(problem.path)}: ${reasonOf(problem.cause)}.`;
    case 'signing-failed':
      return `Failed to sign: ${printable(problem.said)}; see whether the key and the certificate belong together.`;
    case 'directory-protected':
      return 'A directory has no hash tree and no signature: choose another --format=, or leave out --verity and --private-key=.';
    case 'no-partition-type':
      return `There are no partitions for the architecture ${quoted(problem.architecture)}, so there is no disk image for it; leave out --verity and --private-key=.`;
    case 'bad-epoch':
      return `Failed to use SOURCE_DATE_EPOCH=${printable(problem.value)}: it must be a number of seconds since 1970.`;
    case 'tool-missing':
      return `Cannot run ${problem.command}: it is not in PATH or not executable; install ${problem.package}.`;
    case 'tool-failed':
      return `Failed to run ${problem.command}: ${printable(problem.said)}.`;
    case 'lost-mark':
      return problem.isResult
        ? `Cannot make ${quoted(problem.source)}: ${describeLostMark(problem.lost)}; name an output on another one, such as a tmpfs, or make an image file.`
        : `Cannot pack ${quoted(problem.source)}: ${describeLostMark(problem.lost)}; set TMPDIR= to a directory on another one, such as a tmpfs.`;
    case 'hostile-entry':
      return `Refused ${quoted(problem.archive)}: of its entry ${quoted(problem.path)}, ${problem.why}.`;
    case 'archive-damaged':
      return `Cannot unpack ${quoted(problem.archive)}: ${printable(problem.said)}.`;
    case 'no-image-in-archive':
      return `${quoted(problem.archive)} has no image for the architecture ${quoted(problem.architecture)}.`;
    case 'interrupted':
      return `Interrupted by ${problem.signal}; nothing was made.`;
  }
}

export function describeFieldError({ field, problem }: ReleaseFieldError): string {
  return problem === 'name'
    ? `${quoted(field)} is no name of a field of a release file: it must be of capital letters, digits and underscores.`
    : `The value of the field ${quoted(field)} cannot be written: it has control characters.`;
}
