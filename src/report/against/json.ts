import { answerOf } from '../explanation/advice.js';
import { nameOf } from '../explanation/fates.js';
import { checksJson, hostJson } from '../explanation/json.js';
import type { Json } from '../json.js';
import { type AgainstReport, againstStatus, outcomesOn } from './outcome.js';

const ANSWERS = { 0: 'fits', 1: 'drops-out', 2: 'untold' } as const;

/** What the systems make of what is installed, by docs/schema/against-1.json. */
export function againstJson(report: AgainstReport): Json {
  const { extensionClass, present, systems } = report;
  return {
    schema: 'against-1',
    class: extensionClass.name,
    answer: ANSWERS[againstStatus(report)],
    present: present === null ? null : hostJson({ label: present.path, release: present }, extensionClass),
    systems: systems.map((host, system) => ({
      ...hostJson(host, extensionClass),
      extensions: outcomesOn(report, system).map(({ candidate, outcome }) => {
        const answer = answerOf(candidate, system, extensionClass.releaseDirectory);
        return {
          name: nameOf(candidate),
          path: candidate.kind === 'passed-over' ? candidate.passedOver.entry : candidate.image.path,
          outcome,
          problem: answer?.problem ?? null,
          remedy: answer?.remedy ?? null,
          checks: checksJson(candidate, system),
        };
      }),
    })),
  };
}
