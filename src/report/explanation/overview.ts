import type { ExtensionClass } from '../../extension-class.js';
import { printable, quotedList } from '../printable.js';
import { describeReleaseProblems } from '../release-problems.js';
import { formatTable } from '../table.js';
import {
  blockersOf,
  type Candidate,
  type ExplainedHost,
  type Explanation,
  type Fate,
  fateOf,
} from './candidate.js';
import { FATE_WORDS, hindranceOf, nameOf } from './fates.js';

/** The fates that an overview lists, and in which order; the others are nobody's concern. */
const LISTED: readonly Fate[] = [
  'merged',
  'ignored',
  'unusable',
  'rejected',
  'untold',
  'masked',
  'not-chosen',
];

/** First of all: for which host, and how many would be merged; of several hosts a matrix. Lines, without newlines. */
export async function overview(explanation: Explanation, extensionClass: ExtensionClass): Promise<string[]> {
  const { hosts, candidates } = explanation;
  const listed = candidates.filter((candidate) => LISTED.includes(fateOf(candidate, 0)));
  const head = hosts.flatMap(describeHost);
  if (hosts.length > 1)
    return listed.length > 0 ? [...head, '', ...(await matrix(explanation, listed))] : head;
  if (listed.length < 2) return head;
  const blockers = blockersOf(explanation);
  const first = `A merge is all or nothing: first ${quotedList(blockers)} must be mended or removed.`;
  const counted = await count(listed, blockers, extensionClass);
  return [...head, ...counted, ...(blockers.length > 0 ? [first] : [])];
}

/** `For /etc/os-release (ID=debian VERSION_ID=12; x86-64, system).` */
export function describeHost({ label, release }: ExplainedHost): string[] {
  const fields = ['ID', 'ID_LIKE', 'VERSION_ID', 'SYSEXT_LEVEL', 'CONFEXT_LEVEL'].flatMap((field) => {
    const value = release.fields.get(field);
    return value ? [`${field}=${value}`] : [];
  });
  const machine = `${release.architecture}, ${release.scope}`;
  return [
    printable(`For ${label} (${fields.join(' ')}; ${machine}).`),
    ...describeReleaseProblems(release.path, release.problems).map((problem) => `  Mind: ${problem}.`),
  ];
}

async function count(
  listed: readonly Candidate[],
  blockers: readonly string[],
  { noun }: ExtensionClass,
): Promise<string[]> {
  const groups = LISTED.flatMap((fate) => {
    const members = listed.filter((candidate) => fateOf(candidate, 0) === fate);
    return members.length === 0 ? [] : [{ fate, members }];
  });
  const merged = groups.find(({ fate }) => fate === 'merged')?.members ?? [];
  const isSure = blockers.length === 0 && merged.every((one) => one.kind === 'image' && one.isInstalled);
  const words = { ...FATE_WORDS, ...(isSure ? {} : { merged: merged.length === 1 ? 'fits' : 'fit' }) };
  const rows = groups.map(({ fate, members }) => [`  ${words[fate]}:`, members.map(nameOf).join(', ')]);
  const sentence = `${merged.length} of ${listed.length} ${noun} ${words.merged}:`;
  return [sentence, ...split(await formatTable(null, rows))];
}

async function matrix({ hosts }: Explanation, listed: readonly Candidate[]): Promise<string[]> {
  const header = ['EXTENSION', ...hosts.map(({ label }) => label)];
  const rows = listed.map((candidate) => [
    nameOf(candidate),
    ...hosts.map((_, host) => cell(candidate, host)),
  ]);
  return split(await formatTable(header, rows));
}

function cell(candidate: Candidate, host: number): string {
  const fate = fateOf(candidate, host);
  if (candidate.kind !== 'image' || candidate.findings.kind !== 'judged') return FATE_WORDS[fate];
  const verdict = candidate.findings.judgements[host]?.verdict;
  if (verdict === undefined || fate === 'masked') return FATE_WORDS[fate];
  if (verdict.kind !== 'accepted') return `ignored: ${hindranceOf(verdict)}`;
  return verdict.overridden === undefined ? 'merged' : `forced: ${hindranceOf(verdict.overridden)}`;
}

function split(table: string): string[] {
  return table.split('\n').slice(0, -1);
}
