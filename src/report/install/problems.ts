import type { InstallProblem } from '../../install/problem.js';
import type { DownloadProblem } from '../../install/request.js';
import { describeImageProblem } from '../image-problems.js';
import { describeLostMark } from '../lost-marks.js';
import { NAME_PROBLEMS } from '../passed-over.js';
import { printable, quoted, quotedList } from '../printable.js';
import { reasonOf } from '../reason.js';
import { explainMismatch } from '../verdicts.js';
import { formatSize } from './size.js';

const UNCHANGED = 'Nothing was changed.';

/** Why what is installed was not changed, in one line: what, which file, what to do. */
export function describeInstallProblem(problem: InstallProblem): string {
  const { sentence, remedy } = explain(problem);
  return `${sentence}${remedy === null ? '' : `; ${remedy}`}. ${UNCHANGED}`;
}

/** Without full stops. */
function explain(problem: InstallProblem): { sentence: string; remedy: string | null } {
  switch (problem.kind) {
    case 'no-source':
      return {
        sentence: `There is no file or directory ${quoted(problem.source)}`,
        remedy: 'name an image file, a directory, or the URL of an image file',
      };
    case 'no-image':
      return {
        sentence: `Cannot install ${quoted(problem.source)}: it is neither a directory nor a regular file`,
        remedy: null,
      };
    case 'no-raw':
      return {
        sentence: `Cannot install ${quoted(problem.source)}: its name does not end in .raw, so it would not be found as an image`,
        remedy: 'unpack it if it is compressed, and call it NAME_VERSION.raw',
      };
    case 'copy-failed':
      return {
        sentence: `Failed to copy ${quoted(problem.source)}: ${reasonOf(problem.cause)}`,
        remedy: null,
      };
    case 'lost-mark':
      return {
        sentence: `Cannot install ${quoted(problem.source)}: ${describeLostMark(problem.lost)}`,
        remedy:
          "mount another one there, such as a tmpfs, or make an image file of it with 'pack' and install that",
      };
    case 'bad-name':
      return {
        sentence: `${quoted(problem.name)} cannot be the name of an extension: ${NAME_PROBLEMS[problem.problem.kind]}`,
        remedy: 'rename it',
      };
    case 'no-version':
      return {
        sentence: `Cannot tell which version of ${quoted(problem.name)} this is, and ${quoted(problem.directory)} has others`,
        remedy: 'say it with --version-as=',
      };
    case 'checksum':
      return {
        sentence: `${quoted(problem.source)} has the checksum ${problem.found}, and not ${problem.wanted}`,
        remedy: 'get it anew, or ask who made it',
      };
    case 'no-checksum':
      return {
        sentence: `${quoted(problem.list)} has no checksum of ${quoted(problem.source)}`,
        remedy: 'if that is all right, give the checksum with --sha256=',
      };
    case 'checksum-of-directory':
      return {
        sentence: `${quoted(problem.source)} is a directory, which has no checksum`,
        remedy: 'leave out --sha256=',
      };
    case 'unusable': {
      const { problem: what, remedy } = describeImageProblem(problem.problem);
      return { sentence: `Cannot install ${quoted(problem.source)}: ${what}`, remedy };
    }
    case 'unfit': {
      const subject = { ...problem, path: problem.source };
      const { problem: what, remedy } = explainMismatch(subject, problem.mismatch);
      return {
        sentence: `Cannot install ${quoted(problem.source)}: ${what}`,
        remedy: `${remedy}; or install it all the same with --force`,
      };
    }
    case 'version-exists':
      return {
        sentence: `Version ${printable(problem.version)} of ${quoted(problem.name)} is installed already, as ${quoted(problem.path)}`,
        remedy: 'remove it first, or give this one another version with --version-as=',
      };
    case 'name-taken':
      return {
        sentence: `${quoted(problem.entry)} has the name ${quoted(problem.name)} as well, and which of both would be found is left to chance`,
        remedy: 'remove it first',
      };
    case 'not-exchangeable':
      return {
        sentence: `Cannot put another image in place of ${quoted(problem.path)}: the files beside it that protect it cannot be exchanged at the same instant`,
        remedy: 'remove it first, or say the version with --version-as=',
      };
    default:
      return explainChange(problem);
  }
}

type ChangeProblem = Exclude<
  InstallProblem,
  {
    readonly kind:
      | 'no-source'
      | 'no-image'
      | 'no-raw'
      | 'copy-failed'
      | 'lost-mark'
      | 'bad-name'
      | 'no-version'
      | 'checksum'
      | 'no-checksum'
      | 'checksum-of-directory'
      | 'unusable'
      | 'unfit'
      | 'version-exists'
      | 'name-taken'
      | 'not-exchangeable';
  }
>;

/** Of what is installed already. */
function explainChange(problem: ChangeProblem): { sentence: string; remedy: string | null } {
  switch (problem.kind) {
    case 'not-installed':
      return {
        sentence: `No extension ${quoted(problem.name)} is installed`,
        remedy: "what is, says the command 'list'",
      };
    case 'elsewhere':
      return {
        sentence: `${quoted(problem.entry)} is not where extensions are installed, so it is not for this command to remove ${quoted(problem.name)}`,
        remedy: "remove it yourself, or switch it off with 'mask'",
      };
    case 'merged-directory':
      return {
        sentence: `${quoted(problem.name)} is merged, and its files are those in ${quoted(problem.entry)}`,
        remedy: 'with --now it is taken off first',
      };
    case 'in-the-way':
      return {
        sentence: `${quoted(problem.path)} is in the way, which is no symlink`,
        remedy: 'rename it or delete it',
      };
    case 'own-name':
      return explainOwnName(problem);
    case 'comes-first':
      return {
        sentence: `${quoted(problem.entry)} comes before ${quoted(problem.place)}, so ${quoted(problem.name)} cannot be switched off there`,
        remedy: `move it, or switch it off with${problem.isRuntime ? 'out' : ''} --runtime`,
      };
    case 'masked':
      return {
        sentence: `${quoted(problem.name)} is masked by ${quoted(problem.entry)}`,
        remedy: "unmask it with 'unmask'",
      };
    case 'not-versioned':
      return {
        sentence: `${quoted(problem.entry)} is not in a versioned directory, so there is only one version of ${quoted(problem.name)}`,
        remedy: null,
      };
    case 'no-such-version':
      return {
        sentence: `There is no version ${printable(problem.version)} of ${quoted(problem.name)}`,
        remedy: `there are ${quotedList(problem.versions)}`,
      };
    case 'none-older':
      return {
        sentence: `No version of ${quoted(problem.name)} is installed that is older than ${printable(problem.version)} and has tries left`,
        remedy: `what there is, says the command 'versions'`,
      };
  }
}

function explainOwnName({
  name,
  entry,
  isRuntime,
  otherwise,
  images,
  lasts,
}: InstallProblem & { readonly kind: 'own-name' }): { sentence: string; remedy: string } {
  const span = otherwise === null ? '' : isRuntime ? ' until the next boot' : ' for good';
  const move = `move it to ${quoted(images)}${lasts ? '' : ' and use --runtime there'}`;
  const versioned = `${entry}.v/${name}_VERSION`;
  const otherWay = isRuntime
    ? 'do it without --runtime, or delete it'
    : `do it until the next boot with --runtime, take it away with 'remove', or move it to ${quoted(versioned)}`;
  return {
    sentence: `Cannot switch off ${quoted(name)}${span}: the link that does it would have the name of ${quoted(entry)} itself`,
    remedy: otherwise === null ? `${move}, or delete it` : otherWay,
  };
}

/** Why a download failed, in one line. */
export function describeDownload(url: string, problem: DownloadProblem): string {
  return `Failed to download ${quoted(url)}: ${explainDownload(problem)}. ${UNCHANGED}`;
}

function explainDownload(problem: DownloadProblem): string {
  switch (problem.kind) {
    case 'no-url':
      return 'that is no address';
    case 'protocol':
      return `${quoted(problem.protocol)} is neither http nor https; download it in another way and install the file`;
    case 'status':
      return `the server answers with status ${problem.status}`;
    case 'redirects':
      return `the server redirects more than ${problem.limit} times`;
    case 'downgrade':
      return `the server redirects to ${quoted(problem.to)}, which is not protected by https`;
    case 'too-large':
      return `${problem.size === null ? 'it is' : `with ${formatSize(problem.size)} it is`} larger than ${formatSize(problem.limit)}; allow more with --max-size=`;
    case 'no-room':
      return `it takes ${formatSize(problem.needed)}, but only ${formatSize(problem.available)} are free; make room`;
    case 'truncated':
      return `only ${problem.received} of ${problem.wanted} bytes came`;
    case 'stalled':
      return `nothing came for ${problem.seconds} s`;
    case 'connection':
      return `${reasonOfConnection(problem.cause)}`;
  }
}

/** fetch() has the reason in `cause`, or in one of several causes. */
function reasonOfConnection(error: unknown): string {
  const { cause, errors } = error as { cause?: unknown; errors?: readonly unknown[] };
  const inner = errors?.[0] ?? cause;
  if (inner !== undefined && inner !== null) return reasonOfConnection(inner);
  // What the runtime of the executable asks and tells its programmers.
  return reasonOf(error).replace(/\.( Is the .*\?| For more information.*)?$/, '');
}
