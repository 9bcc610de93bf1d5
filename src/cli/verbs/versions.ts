import { refuse } from '../../install/problem.js';
import { versionsReport } from '../../report/install/versions.js';
import type { Context } from '../context.js';
import { surveyInstalled } from '../install/survey.js';

/** `versions [NAME]`: which versions there are, which is picked and which merged. Reads only. */
export async function versions(context: Context): Promise<number> {
  const { argument, extensionClass, json, legend } = context.commandLine;
  const found = surveyInstalled(context).filter(({ name }) => argument === null || name === argument);
  if (argument !== null && found.length === 0) refuse({ kind: 'not-installed', name: argument });
  if (found.length === 0 && json === 'off') context.log.info(`No ${extensionClass.noun} found.`);
  else context.print(await versionsReport(found, extensionClass, { json, legend }));
  return 0;
}
