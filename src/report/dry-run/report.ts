import { formatJson, type JsonFormat } from '../json.js';
import { printable } from '../printable.js';
import { actionsOf } from './actions.js';
import { describeDiff, diffOf } from './diff.js';
import type { DryRun } from './dry-run.js';
import { dryRunJson } from './json.js';
import { summaryOf } from './summary.js';
import { describeAction } from './wording.js';

export interface DryRunSettings {
  readonly json: JsonFormat;
  readonly diff: boolean;
}

/** What would be done, in words or as JSON. */
export function dryRunReport(dryRun: DryRun, { json, diff }: DryRunSettings): string {
  if (json !== 'off') return formatJson(dryRunJson(dryRun, diff), json);
  const [first = '', ...others] = summaryOf(dryRun);
  const compared = diff ? diffOf(dryRun) : null;
  const steps = actionsOf(dryRun).flatMap((action, index) => {
    const { what, why } = describeAction(action);
    return [`${String(index + 1).padStart(3)}. ${what}`, `     because ${why}.`];
  });
  const parts = [
    [first, ...others.map((line) => `  ${line}`)],
    ...(compared === null ? [] : [describeDiff(compared)]),
    ...(steps.length === 0 ? [] : [['Steps:', ...steps]]),
  ];
  return parts.map((lines) => lines.map((line) => `${printable(line)}\n`).join('')).join('\n');
}
