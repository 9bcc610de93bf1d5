import type { Finding } from '../../doctor/finding.js';
import { fitnessOf, judge } from '../../doctor/judge.js';
import type { Leftover } from '../../doctor/leftovers.js';
import type { Caller } from '../explain-hint.js';
import type { Json } from '../json.js';
import type { Diagnosis } from './diagnosis.js';
import { describeLeftover } from './leftovers.js';
import { toolsJson } from './tools.js';
import { describeFinding } from './words.js';

/** The diagnosis as JSON, by docs/schema/doctor-1.json. */
export function diagnosisJson(diagnosis: Diagnosis, { extensionClass, root }: Caller): Json {
  const { findings, surroundings, tools, leftovers, mended } = diagnosis;
  return {
    schema: 'doctor-1',
    class: extensionClass.name,
    root,
    answer: fitnessOf(findings, leftovers),
    machine: {
      kernel: surroundings.kernel,
      container: surroundings.container,
      userNamespace: surroundings.userNamespace,
      distributions: surroundings.distributions,
    },
    checks: findings.map((finding) => {
      const { found, wanted, command, advice } = describeFinding(finding, surroundings);
      const { feature, verdict } = judge(finding);
      const isFine = verdict === 'fine';
      return {
        code: finding.code,
        subject: subjectOf(finding),
        verdict,
        feature,
        found,
        wanted,
        remedy: isFine ? null : command,
        advice: isFine ? null : advice,
      };
    }),
    tools: toolsJson(tools),
    leftovers: leftovers.left.map(leftoverJson),
    atWork: leftovers.atWork === null ? null : { process: leftovers.atWork.process },
    untold: leftovers.untold,
    mended: mended === null ? null : mended.map(leftoverJson),
  };
}

/** Which of several of its kind a check is about. */
function subjectOf(finding: Finding): string | null {
  switch (finding.code) {
    case 'program':
      return finding.program;
    case 'hierarchy':
    case 'overlay':
      return finding.hierarchy;
    case 'search-directory':
    case 'os-release':
      return finding.path;
    case 'state-directory':
      return finding.outlook.path;
    case 'file-system':
      return finding.type;
    case 'certificate':
      return finding.problem.file;
    default:
      return null;
  }
}

function leftoverJson(leftover: Leftover): Json {
  const text = describeLeftover(leftover);
  if (leftover.kind !== 'workspace') return { kind: leftover.kind, path: leftover.path, text };
  const { kind, path, phase, hierarchies, devices } = leftover;
  return { kind, path, phase, hierarchies, devices, text };
}
