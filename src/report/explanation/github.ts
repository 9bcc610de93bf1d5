import type { ExtensionClass } from '../../extension-class.js';
import { annotation } from '../github-annotation.js';
import { answerOf } from './advice.js';
import { type Explanation, type Fate, fateOf } from './candidate.js';
import { FATE_WORDS, nameOf } from './fates.js';
import { ruleOf } from './rule.js';

/** What is meant to be as it is has none: what is merged, switched off, or hidden by another one of its name. */
const COMMANDS: Readonly<Partial<Record<Fate, 'error' | 'warning'>>> = {
  ignored: 'warning',
  rejected: 'warning',
  untold: 'warning',
  // It keeps all others from being merged.
  unusable: 'error',
};

/** What is not merged, and why, as annotations: lines that GitHub Actions reads from what a step prints. */
export function explanationAnnotations(
  { hosts, candidates }: Explanation,
  { releaseDirectory }: ExtensionClass,
): string {
  const lines = candidates.flatMap((candidate) =>
    hosts.flatMap(({ label }, host) => {
      const fate = fateOf(candidate, host);
      const command = COMMANDS[fate];
      const answer = answerOf(candidate, host, releaseDirectory);
      if (command === undefined || answer === null) return [];
      const on = hosts.length === 1 ? '' : ` on ${label}`;
      const title = `${nameOf(candidate)}: ${FATE_WORDS[fate]}${on} (${ruleOf(candidate, host)})`;
      const remedy = answer.remedy === null ? '' : ` What to do: ${answer.remedy}.`;
      return [annotation(command, { title }, `${answer.problem}.${remedy}`)];
    }),
  );
  return lines.join('');
}
