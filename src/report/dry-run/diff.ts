import type { RefreshReason } from '../../overlay/compare-origin.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { describeRefreshReason } from '../origin-changes.js';
import { quoted } from '../printable.js';
import type { DryRun } from './dry-run.js';
import { type HierarchyState, stateNow, stateThen } from './state.js';
import { namesOf } from './summary.js';

/** What is merged now against what would be. */
export interface Diff {
  readonly extensions: readonly ExtensionChange[];
  readonly hierarchies: readonly HierarchyChange[];
  /** Why a refresh would, or would not, do something. */
  readonly reasons: readonly string[];
}

export interface ExtensionChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed' | 'same';
  /** Sentences; empty unless `changed`. */
  readonly why: readonly string[];
}

export interface HierarchyChange {
  readonly path: string;
  readonly before: HierarchyState;
  readonly now: HierarchyState;
}

/** @returns `null` where it is not known what would be merged */
export function diffOf(dryRun: DryRun): Diff | null {
  const { outcome, hierarchies, reasons, extensions } = dryRun;
  if (outcome.kind === 'fails' || outcome.kind === 'untold') return null;
  const before = namesOf(hierarchies);
  const isMerged = hierarchies.some(({ merge }) => merge !== null);
  const told = reasons ?? [];
  return {
    extensions: [
      ...before
        .filter((name) => !extensions.includes(name))
        .map((name) => ({ name, change: 'removed', why: [] }) as const),
      ...extensions.map((name): ExtensionChange => {
        if (!before.includes(name)) return { name, change: 'added', why: [] };
        const why = told.filter((reason) => extensionOf(reason) === name).map(describeRefreshReason);
        return { name, change: why.length === 0 ? 'same' : 'changed', why };
      }),
    ],
    hierarchies: compareHierarchies(hierarchies, outcome),
    reasons: isMerged ? told.map(describeRefreshReason) : [],
  };
}

function extensionOf(reason: RefreshReason): string | null {
  return 'extension' in reason ? reason.extension : null;
}

function compareHierarchies(
  hierarchies: readonly Hierarchy[],
  outcome: DryRun['outcome'],
): HierarchyChange[] {
  const targets = outcome.kind === 'steps' ? outcome.targets : [];
  const isKept = outcome.kind === 'nothing';
  const paths = new Set([...hierarchies.map(({ path }) => path), ...targets.map(({ path }) => path)]);
  return [...paths].map((path) => {
    const before = stateNow(hierarchies.find((hierarchy) => hierarchy.path === path));
    const target = targets.find((one) => one.path === path);
    return { path, before, now: isKept ? before : stateThen(target) };
  });
}

const SIGNS = { added: '+', removed: '-', changed: '~', same: '=' } as const;
const STATES: Readonly<Record<HierarchyState, string>> = {
  'not-merged': 'not merged',
  'read-only': 'merged read-only',
  writable: 'merged writable',
};

/** As lines. */
export function describeDiff({ extensions, hierarchies, reasons }: Diff): string[] {
  const lines = [
    ...extensions.map(({ name, change, why }) => {
      const words = { added: 'new', removed: 'no longer merged', changed: 'changed', same: 'the same' };
      return `  ${SIGNS[change]} ${quoted(name)}: ${why.length === 0 ? `${words[change]}.` : why.join(' ')}`;
    }),
    ...hierarchies.map(({ path, before, now }) =>
      before === now
        ? `  = ${quoted(path)}: ${STATES[now]}, as before.`
        : `  ~ ${quoted(path)}: was ${STATES[before]}, would be ${STATES[now]}.`,
    ),
  ];
  const others = reasons.filter((reason) => !extensions.some(({ why }) => why.includes(reason)));
  return [
    'Compared with what is merged now:',
    ...(lines.length === 0 ? ['  Nothing is merged, and nothing would be.'] : lines),
    ...(others.length === 0 ? [] : ['Why it would be done anew:', ...others.map((line) => `  ${line}`)]),
  ];
}
