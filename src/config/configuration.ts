import type { ExtensionClass } from '../extension-class.js';
import { ImagePolicyError, type PolicyProblem, parseImagePolicyGracefully } from '../images/policy/parse.js';
import type { ImagePolicy } from '../images/policy/policy.js';
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

export interface PolicySetting extends Setting {
  readonly policy: ImagePolicy;
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
    | 'image-policy'
    /** It is one, but for this word. */
    | `policy-${'designator' | 'flag'}`;
  /** The line or word; for a file as a whole the name of the errno, or nothing. Escape it before printing. */
  readonly text: string;
}

export interface Configuration {
  readonly mutable: Setting | null;
  readonly imagePolicy: PolicySetting | null;
  readonly problems: readonly ConfigProblem[];
  /** What was read, in this order, with the root. */
  readonly files: readonly string[];
}

/**
 * Reads the configuration files of a class below a root (sysext.conf(5)). Of several assignments the last one counts
 * that can be understood. Never throws: what cannot be read or understood is reported, and the rest counts.
 *
 * @param root absolute path, free of symlinks
 */
export function readConfiguration(root: string, extensionClass: ExtensionClass): Configuration {
  const files: string[] = [];
  const problems: ConfigProblem[] = [];
  let mutable: Setting | null = null;
  let imagePolicy: PolicySetting | null = null;

  const assign = ({ line, key, value }: Assignment, file: string) => {
    const setting = { value, file, line };
    const refuse = (kind: ConfigProblem['kind']) =>
      problems.push({ file, line, kind, text: `${key}=${value}` });
    if (key === 'Mutable') {
      // As in the original nothing is not a mode, so it does not take an earlier one back.
      if (parseMutableMode(value) === null) refuse('mutable');
      else mutable = setting;
    } else if (key === 'ImagePolicy') {
      const read = value === '' ? null : readPolicy(value);
      if (read === 'none') refuse('image-policy');
      else imagePolicy = read === null ? null : { ...setting, policy: read.policy };
      for (const { kind, text } of read === null || read === 'none' ? [] : read.leftOut)
        problems.push({
          file,
          line,
          kind: kind === 'unknown-flag' ? 'policy-flag' : 'policy-designator',
          text,
        });
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

function readPolicy(
  value: string,
): 'none' | { readonly policy: ImagePolicy; readonly leftOut: readonly PolicyProblem[] } {
  try {
    return parseImagePolicyGracefully(value);
  } catch (error) {
    if (error instanceof ImagePolicyError) return 'none';
    throw error;
  }
}
