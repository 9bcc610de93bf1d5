import { errorCode } from '../host/root.js';
import { switchedOffBy } from '../images/switched-off.js';
import { type ReleaseFile, TooManyReleaseFilesError } from '../release/release-file.js';
import type { Mismatch, UnusedLevel } from '../release/verdict.js';
import { type Caller, explainCommand } from './explain-hint.js';
import { printable, quoted, quotedFew } from './printable.js';

/** Whose verdict it is, for the wording. */
export interface Subject {
  readonly name: string;
  readonly path: string;
  readonly releaseDirectory: string;
  /** The name of the release file that counts, if there is one: it may be that of the image without its version. */
  readonly releaseFile?: string;
}

/** Of which image is told, with the release file that counts for it. */
export function subjectOf(image: Subject, release: ReleaseFile): Subject {
  return release.kind === 'found' ? { ...image, releaseFile: release.fileName } : image;
}

/**
 * An ignored extension in one line: which, from where, what it wants, what the host has, what to change, and who tells
 * more.
 */
export function describeIgnored(subject: Subject, mismatch: Mismatch, caller: Caller): string {
  const { problem, remedy } = explainMismatch(subject, mismatch);
  const more = quoted(explainCommand(caller, subject.name));
  return `Ignoring extension ${quoted(subject.name)} (${printable(subject.path)}): ${problem}; ${remedy}. See ${more}.`;
}

/** The documented way to switch an extension off (systemd-sysext(8)), or our verbs; without a full stop. */
export function describeMasked(name: string, path: string): string {
  const how = switchedOffBy(path);
  if (how !== 'by-hand') return `Extension ${quoted(name)} is ${how}`;
  return `Extension ${quoted(name)} is masked by the empty directory ${quoted(path)}`;
}

export interface Explanation {
  readonly problem: string;
  readonly remedy: string;
}

/** What is wrong, and the smallest change that would make it fit; both without a full stop. */
export function explainMismatch(subject: Subject, mismatch: Mismatch): Explanation {
  const file = printable(subject.releaseFile ?? `extension-release.${subject.name}`);
  switch (mismatch.kind) {
    case 'forbidden-os-release':
      return {
        problem: `it contains ${mismatch.path}, so it is a whole operating system and not an extension`,
        remedy: 'remove that file from it, or use --force',
      };
    case 'no-release-file':
      return explainMissing(subject, mismatch);
    case 'ambiguous-release-file':
      return {
        problem: `it has no ${file}, and ${quotedFew(mismatch.candidates)} could both be meant`,
        remedy: `keep one of them and name it ${file}`,
      };
    case 'empty-release-file':
      return { problem: `its ${printable(mismatch.path)} is empty`, remedy: 'write at least ID= into it' };
    case 'unreadable-release-file':
      return {
        problem: `its ${printable(mismatch.path)} cannot be read (${reasonOf(mismatch.cause)})`,
        remedy:
          mismatch.cause instanceof TooManyReleaseFilesError
            ? `name that of the image ${file}, and remove the others`
            : 'make it a small regular text file',
      };
    case 'scope-mismatch':
      return {
        problem: `${wants(mismatch.field, mismatch.wanted.join(' '))}, but this is scope '${mismatch.found}'`,
        remedy: `add '${mismatch.found}' to ${mismatch.field}= in its ${file}`,
      };
    case 'architecture-mismatch':
      return {
        problem: `${wants('ARCHITECTURE', mismatch.wanted)}, but the host runs ${mismatch.found}`,
        remedy: `install a build for ${mismatch.found}, or set ARCHITECTURE=_any if it has no machine code`,
      };
    case 'id-missing':
      return {
        problem: `its ${file} has no ID=, and the host has ID=${printable(mismatch.found)}`,
        remedy: `add ID=${printable(mismatch.found)}, or ID=_any if it fits every system`,
      };
    case 'id-mismatch':
      return explainId(mismatch, file);
    case 'level-mismatch':
      return explainDifference(mismatch.field, mismatch.wanted, mismatch.found, file);
    case 'version-missing':
      return {
        problem: `its ${file} has no VERSION_ID=, and the host has VERSION_ID=${printable(mismatch.found)}${levelNote(mismatch.level)}`,
        remedy: `add VERSION_ID=${printable(mismatch.found)} if it was built for that version`,
      };
    case 'version-mismatch':
      return explainDifference(
        'VERSION_ID',
        mismatch.wanted,
        mismatch.found,
        file,
        levelNote(mismatch.level),
      );
  }
}

function explainMissing(
  { name, releaseDirectory }: Subject,
  mismatch: Mismatch & { kind: 'no-release-file' },
): Explanation {
  const [other] = mismatch.others;
  if (other === undefined) {
    return {
      problem: `it has no ${printable(mismatch.wanted)}`,
      remedy: `create that file with the ID= and VERSION_ID= of the system it is made for`,
    };
  }
  const also = mismatch.getfattrMissing
    ? ' (getfattr is not installed, so whether its name may differ is not known)'
    : '';
  return {
    problem: `its image name is ${quoted(name)}, but in /${releaseDirectory} there is only ${quotedFew(mismatch.others.map((image) => `extension-release.${image}`))}${also}`,
    remedy: `rename the image to ${quoted(other)}, or that file to ${quoted(`extension-release.${name}`)}`,
  };
}

function explainId({ wanted, found, idLike }: Mismatch & { kind: 'id-mismatch' }, file: string): Explanation {
  const like = idLike.length === 0 ? '' : ` (ID_LIKE=${printable(idLike.join(' '))})`;
  return {
    problem: `${wants('ID', wanted)}, but the host has ID=${printable(found)}${like}`,
    remedy: `install a build for ${printable(found)}, or set ID=_any in its ${file} if it fits every system`,
  };
}

function explainDifference(
  field: string,
  wanted: string,
  found: string,
  file: string,
  note = '',
): Explanation {
  return {
    problem: `${wants(field, wanted)}, but the host has ${field}=${printable(found)}${note}`,
    remedy: `install a build for that version, or set ${field}=${printable(found)} in its ${file} if it fits`,
  };
}

/** Why versions were compared although one side has a level. */
function levelNote({ field, extension, host }: UnusedLevel): string {
  if (host !== null)
    return ` (the host's ${field}=${printable(host)} does not count, the extension has none)`;
  if (extension !== null) return ` (its ${field}=${printable(extension)} does not count, the host has none)`;
  return '';
}

function wants(field: string, value: string): string {
  return `it is for ${field}=${printable(value)}`;
}

function reasonOf(cause: unknown): string {
  const code = errorCode(cause);
  return printable(code ?? (cause instanceof Error ? cause.message : String(cause)));
}
