import { readStatements } from '../config/statements.js';
import { assign, type Draft, type LineProblem } from './settings.js';
import type { SpecifierValues } from './specifiers.js';
import {
  OTHER_TYPES,
  SOURCE_TYPES,
  type SourceType,
  type Transfer,
  type TransferFailure,
} from './transfer.js';

/** Which optional features a transfer belongs to (sysupdate.features(5)). */
export interface Membership {
  /** One of them must be enabled, if there are any. */
  readonly features: readonly string[];
  /** All of them must be enabled. */
  readonly requisites: readonly string[];
}

export interface ReadTransfer {
  readonly result: Transfer | TransferFailure;
  readonly membership: Membership;
  readonly problems: readonly (LineProblem & { readonly file: string })[];
}

/** As many as systemd-sysupdate(8) keeps if nothing is said. */
const INSTANCES = 3;

/**
 * Reads a transfer file with its drop-ins (sysupdate.d(5)). Never throws: a line that cannot be understood is reported, and the
 * rest counts.
 *
 * @param file the main file, by which the transfer is known
 * @param texts of the main file and its drop-ins, in ascending order of their weight
 */
export function readTransfer(
  name: string,
  file: string,
  texts: readonly { readonly file: string; readonly text: string }[],
  values: SpecifierValues,
): ReadTransfer {
  const draft = emptyDraft();
  const problems: (LineProblem & { file: string })[] = [];
  for (const one of texts) {
    for (const statement of readStatements(one.text, 'Transfer', 'Source', 'Target')) {
      const found = statement.kind === 'assignment' ? assign(draft, statement, values) : [statement];
      problems.push(...found.map((problem) => ({ ...problem, file: one.file })));
    }
  }
  const { features, requisites } = draft;
  return { result: finish(name, file, draft), membership: { features, requisites }, problems };
}

function emptyDraft(): Draft {
  return {
    minVersion: null,
    protectedVersions: [],
    verify: true,
    features: [],
    requisites: [],
    sourceType: null,
    sourcePath: null,
    sourcePatterns: [],
    targetType: null,
    targetPath: null,
    anchor: 'root',
    targetPatterns: [],
    mode: null,
    readOnly: null,
    triesDone: null,
    triesLeft: null,
    instancesMax: INSTANCES,
    removeTemporary: true,
    currentSymlink: null,
  };
}

function finish(name: string, file: string, draft: Draft): Transfer | TransferFailure {
  const { sourceType, sourcePath, targetType, targetPath } = draft;
  const other = [sourceType, targetType].find((type) => OTHER_TYPES.includes(type ?? ''));
  if (typeof other === 'string') return { kind: 'other-type', file, type: other };
  const missing = (section: string, key: string) =>
    ({ kind: 'missing-setting', file, section, key }) as const;
  if (!isSourceType(sourceType)) return missing('Source', 'Type');
  if (sourcePath === null || !isPlace(sourceType, sourcePath)) return missing('Source', 'Path');
  if (draft.sourcePatterns.length === 0) return missing('Source', 'MatchPattern');
  if (targetType !== 'regular-file') return missing('Target', 'Type');
  if (draft.anchor !== 'root') return { kind: 'other-type', file, type: `PathRelativeTo=${draft.anchor}` };
  if (targetPath === null || !targetPath.startsWith('/')) return missing('Target', 'Path');
  return {
    name,
    file,
    minVersion: draft.minVersion,
    protectedVersions: draft.protectedVersions,
    verify: draft.verify,
    source: { type: sourceType, path: sourcePath, patterns: draft.sourcePatterns },
    target: {
      path: targetPath,
      // Files for Flatcar name the pattern of the source only, and systemd-sysupdate(8) takes it for the target as well.
      patterns: draft.targetPatterns.length > 0 ? draft.targetPatterns : draft.sourcePatterns,
      mode: draft.mode,
      readOnly: draft.readOnly,
      triesDone: draft.triesDone,
      triesLeft: draft.triesLeft,
      instancesMax: draft.instancesMax,
      removeTemporary: draft.removeTemporary,
      currentSymlink: draft.currentSymlink,
    },
  };
}

function isSourceType(type: string | null): type is SourceType {
  return (SOURCE_TYPES as readonly (string | null)[]).includes(type);
}

function isPlace(type: SourceType, path: string): boolean {
  return type === 'url-file' ? /^https?:\/\/[^/]/.test(path) : path.startsWith('/');
}
