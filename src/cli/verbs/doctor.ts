import { examineMachine, surroundings } from '../../doctor/examine.js';
import { fitnessOf } from '../../doctor/judge.js';
import { findLeftovers } from '../../doctor/leftovers.js';
import { findTools } from '../../doctor/tools.js';
import { diagnosisReport } from '../../report/doctor/report.js';
import { type Context, readHierarchies } from '../context.js';
import { mendLeftovers } from '../doctor/mend.js';
import { installPlaces } from '../install/change.js';

const STATUS = { fit: 0, unfit: 1, untold: 2 } as const;

/**
 * `doctor`: whether this machine has what the program needs, what is missing for which feature, and what killed calls have
 * left. Changes nothing, unless it is told to take away what is left.
 *
 * @returns 0 if directories can be merged and nothing is left, 1 if not, 2 if that could not be told
 */
export async function doctor(context: Context): Promise<number> {
  const { root, env, hierarchies: names, commandLine } = context;
  const { extensionClass, json } = commandLine;
  const mended = commandLine.fix ? await mendLeftovers(context) : null;
  const hierarchies = readHierarchies(context);
  const leftovers = findLeftovers(root, names, hierarchies, installPlaces(context));
  const findings = examineMachine({ root, extensionClass, names, hierarchies, env });
  const tools = findTools();
  const diagnosis = { surroundings: surroundings(), findings, tools, leftovers, mended };
  context.print(await diagnosisReport(diagnosis, { ...commandLine, root }, json));
  return STATUS[fitnessOf(findings, leftovers)];
}
