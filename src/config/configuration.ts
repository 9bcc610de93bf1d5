import type { ExtensionClass } from '../extension-class.js';
import { type FileProblem, readConfigurationFiles } from './configuration-files.js';
import { parseMutableMode } from './mutable-mode.js';
import { type Assignment, type BrokenLine, readStatements } from './statements.js';

/** A setting that counts, and where it stands. */
export interface Setting {
  readonly value: string;
  /** With the root. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Something in the configuration that was skipped. */
export interface ConfigProblem {
  /** With the root. */
  readonly file: string;
  /** Counted from 1; `null` if it is about the file as a whole. */
  readonly line: number | null;
  readonly kind:
    | BrokenLine['kind']
    | FileProblem['kind']
    | 'unknown-key'
    /** The value is no mutable mode. */
    | 'mutable'
    /** The value is no image policy. */
    | 'image-policy';
  /** The line; for a file as a whole the name of the errno, or nothing. Escape it before printing. */
  readonly text: string;
}

export interface Configuration {
  readonly mutable: Setting | null;
  readonly imagePolicy: Setting | null;
  readonly problems: readonly ConfigProblem[];
  /** What was read, in this order, with the root. */
  readonly files: readonly string[];
}

/**
 * Reads the configuration files of a class below a root (sysext.conf(5)). Of several assignments the last one counts
 * that can be understood. Never throws: what cannot be read or understood is reported, and the rest counts.
 *
 * @param root absolute path, free of symlinks
 * @param isImagePolicy whether a text is an image policy (systemd.image-policy(7))
 */
export function readConfiguration(
  root: string,
  extensionClass: ExtensionClass,
  isImagePolicy: (text: string) => boolean = () => true,
): Configuration {
  const files: string[] = [];
  const problems: ConfigProblem[] = [];
  let mutable: Setting | null = null;
  let imagePolicy: Setting | null = null;

  const assign = ({ line, key, value }: Assignment, file: string) => {
    const setting = { value, file, line };
    const refuse = (kind: ConfigProblem['kind']) =>
      problems.push({ file, line, kind, text: `${key}=${value}` });
    if (key === 'Mutable') {
      // As in the original nothing is not a mode, so it does not take an earlier one back.
      if (parseMutableMode(value) === null) refuse('mutable');
      else mutable = setting;
    } else if (key === 'ImagePolicy') {
      if (value === '') imagePolicy = null;
      else if (!isImagePolicy(value)) refuse('image-policy');
      else imagePolicy = setting;
    } else if (!key.startsWith('X-')) refuse('unknown-key');
  };

  for (const found of readConfigurationFiles(root, extensionClass.configFile)) {
    if ('kind' in found) {
      problems.push({ ...found, line: null });
      continue;
    }
    files.push(found.file);
    for (const statement of readStatements(found.text, extensionClass.configSection)) {
      if (statement.kind === 'assignment') assign(statement, found.file);
      else problems.push({ file: found.file, ...statement });
    }
  }
  return { mutable, imagePolicy, problems, files };
}
