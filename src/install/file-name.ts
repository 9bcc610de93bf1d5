import { ARCHITECTURES } from '../host/architecture.js';

/** What the name of a file or directory says about the extension in it. */
export interface ReleasedName {
  /** Of the extension; not yet checked, see checkImageName(). */
  readonly name: string;
  /** `null`: it has none. */
  readonly version: string | null;
  readonly architecture: string | null;
  /** As it is written, `+LEFT-DONE`, or empty. */
  readonly counter: string;
}

/**
 * Takes `NAME_VERSION[_ARCHITECTURE][+LEFT[-DONE]][.sysext][.raw]` apart, the form of the entries of versioned directories
 * (systemd.v(7)). Here the name is not known beforehand and may have a `_` itself, so a version is what has a digit in it:
 * `my_tool_1.2.raw` is version 1.2 of `my_tool`, and `my_tool.raw` has none.
 *
 * @param classSuffix `.sysext` or `.confext`, which is no part of the name
 */
export function parseReleasedName(fileName: string, classSuffix: string): ReleasedName {
  const stem = withoutEnd(withoutEnd(fileName, '.raw'), classSuffix);
  const [, before = stem, counter = ''] = /^(.+?)(\+\d+(?:-\d+)?)?$/s.exec(stem) ?? [];
  const [rest, architecture] = splitLast(before, (word) => ARCHITECTURES.has(word));
  const [name, version] = splitLast(rest, (word) => isVersion(word) && /\d/.test(word));
  // A name that happens to end like that, or a counter without a version to count for.
  if (version === null) return { name: stem, version: null, architecture: null, counter: '' };
  return { name, version, architecture, counter };
}

/** The characters that count in a version (systemd.v(7), UAPI.10). */
export function isVersion(text: string): boolean {
  return /^[0-9A-Za-z.~^-]+$/.test(text);
}

/** The name of an entry of a versioned directory, without `.raw`. */
export function formatEntryStem({ name, version, architecture, counter }: ReleasedName): string {
  if (version === null) return name;
  return `${name}_${version}${architecture === null ? '' : `_${architecture}`}${counter}`;
}

function splitLast(text: string, fits: (word: string) => boolean): [before: string, word: string | null] {
  const at = text.lastIndexOf('_');
  const word = text.slice(at + 1);
  return at > 0 && fits(word) ? [text.slice(0, at), word] : [text, null];
}

function withoutEnd(text: string, end: string): string {
  return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
}
