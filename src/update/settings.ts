import { parseBoolean } from '../config/boolean-word.js';
import type { Assignment, BrokenLine } from '../config/statements.js';
import { isVersion, type Pattern, type PatternProblem, parsePattern } from './pattern.js';
import { expandSpecifiers, type SpecifierValues } from './specifiers.js';

/** A line that is skipped: the rest of the file counts. */
export type LineProblem =
  | BrokenLine
  | {
      readonly kind:
        | 'unknown-key'
        | 'bad-value'
        | 'unknown-specifier'
        /** It was raised to 2. */
        | 'too-few-instances'
        | `pattern-${PatternProblem['kind']}`;
      readonly line: number;
      readonly text: string;
    };

/** Settings as they stand in the file: the last one that can be understood counts. */
export interface Draft {
  minVersion: string | null;
  protectedVersions: string[];
  verify: boolean;
  features: string[];
  requisites: string[];
  sourceType: string | null;
  sourcePath: string | null;
  sourcePatterns: Pattern[];
  targetType: string | null;
  targetPath: string | null;
  /** What the path of the target is relative to. */
  anchor: string;
  targetPatterns: Pattern[];
  mode: number | null;
  readOnly: boolean | null;
  triesDone: number | null;
  triesLeft: number | null;
  instancesMax: number;
  removeTemporary: boolean;
  currentSymlink: string | null;
}

/** The least that lets an old version stay while the new one is put beside it. */
const FEWEST_INSTANCES = 2;

/** What an assignment sets. @returns `false` if the value is none for it */
type Setter = (draft: Draft, value: string) => boolean;

/** These take specifiers; all others are taken as they stand. */
const EXPANDED: Readonly<Record<string, Setter>> = {
  'Transfer.MinVersion': (draft, value) => set(draft, 'minVersion', isVersion(value) ? value : undefined),
  'Transfer.ProtectVersion': (draft, value) => isVersion(value) && draft.protectedVersions.push(value) > 0,
  'Source.Path': (draft, value) => set(draft, 'sourcePath', value || undefined),
  'Target.Path': (draft, value) => set(draft, 'targetPath', value || undefined),
  'Target.CurrentSymlink': (draft, value) =>
    set(draft, 'currentSymlink', value === '' ? null : isLinkPath(value) ? value : undefined),
};

const PLAIN: Readonly<Record<string, Setter>> = {
  'Transfer.Verify': (draft, value) => set(draft, 'verify', parseBoolean(value) ?? undefined),
  'Transfer.Features': (draft, value) => addWords(draft.features, value),
  'Transfer.RequisiteFeatures': (draft, value) => addWords(draft.requisites, value),
  'Source.Type': (draft, value) => set(draft, 'sourceType', value || undefined),
  'Target.Type': (draft, value) => set(draft, 'targetType', value || undefined),
  'Target.PathRelativeTo': (draft, value) => set(draft, 'anchor', value || undefined),
  'Target.Mode': (draft, value) =>
    set(draft, 'mode', /^[0-7]{1,5}$/.test(value) ? Number.parseInt(value, 8) & 0o7777 : undefined),
  'Target.ReadOnly': (draft, value) => set(draft, 'readOnly', parseBoolean(value) ?? undefined),
  'Target.TriesDone': (draft, value) => set(draft, 'triesDone', wholeNumber(value)),
  'Target.TriesLeft': (draft, value) => set(draft, 'triesLeft', wholeNumber(value)),
  'Target.InstancesMax': (draft, value) => set(draft, 'instancesMax', wholeNumber(value)),
  'Target.RemoveTemporary': (draft, value) => set(draft, 'removeTemporary', parseBoolean(value) ?? undefined),
};

/** For partitions, or for programs that show more of an update than this one does. */
const WITHOUT_MEANING = new Set([
  'Transfer.ChangeLog',
  'Transfer.AppStream',
  'Target.MatchPartitionType',
  'Target.PartitionUUID',
  'Target.PartitionFlags',
  'Target.PartitionNoAuto',
  'Target.PartitionGrowFileSystem',
]);

/**
 * Takes a setting over into the draft. @returns why it was not, or not as it stands there
 */
export function assign(
  draft: Draft,
  { section, key, value, line }: Assignment,
  values: SpecifierValues,
): LineProblem[] {
  const name = `${section}.${key}`;
  const text = `${key}=${value}`;
  if (key === 'MatchPattern' && section !== 'Transfer') {
    const patterns = section === 'Source' ? draft.sourcePatterns : draft.targetPatterns;
    return addPatterns(patterns, value, section === 'Source', values).map((kind) => ({ kind, line, text }));
  }
  if (WITHOUT_MEANING.has(name) || key.startsWith('X-')) return [];
  const setter = EXPANDED[name] ?? PLAIN[name];
  if (setter === undefined) return [{ kind: 'unknown-key', line, text }];
  const expanded = name in EXPANDED ? expandSpecifiers(value, values) : value;
  if (typeof expanded !== 'string') return [{ kind: 'unknown-specifier', line, text }];
  if (!setter(draft, expanded)) return [{ kind: 'bad-value', line, text }];
  if (draft.instancesMax >= FEWEST_INSTANCES) return [];
  draft.instancesMax = FEWEST_INSTANCES;
  return [{ kind: 'too-few-instances', line, text }];
}

function set<Key extends keyof Draft>(draft: Draft, key: Key, value: Draft[Key] | undefined): boolean {
  if (value !== undefined) draft[key] = value;
  return value !== undefined;
}

/** An empty value takes back what was said before (systemd.syntax(7)). */
function addWords(words: string[], value: string): boolean {
  if (value === '') words.length = 0;
  else words.push(...value.split(/[ \t]+/));
  return true;
}

function addPatterns(
  patterns: Pattern[],
  value: string,
  isSource: boolean,
  values: SpecifierValues,
): LineProblem['kind'][] {
  if (value === '') patterns.length = 0;
  return value
    .split(/[ \t]+/)
    .filter(Boolean)
    .flatMap((word) => {
      const text = expandSpecifiers(word, values);
      if (typeof text !== 'string') return ['unknown-specifier' as const];
      const pattern = parsePattern(text, isSource);
      if ('kind' in pattern) return [`pattern-${pattern.kind}` as const];
      patterns.push(pattern);
      return [];
    });
}

function isLinkPath(path: string): boolean {
  return !/(^|\/)\.{0,2}$/.test(path) && !path.includes('\0');
}

function wholeNumber(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}
