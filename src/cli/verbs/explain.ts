import { join } from 'node:path';
import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { explanationStatus } from '../../report/explanation/candidate.js';
import { explanationReport } from '../../report/explanation/report.js';
import { findChosen } from '../chosen.js';
import { formatOf } from '../command-line.js';
import { type Context, readHierarchies, searchFor } from '../context.js';
import { explainCandidate, findCandidates } from '../explain/candidates.js';
import { chooseHosts } from '../explain/hosts.js';
import { withMergeSettings } from '../merge-settings.js';

/**
 * `explain [EXTENSION…]`: what becomes of each candidate for a merge, and why. Reads only; images are mounted where
 * nobody else sees it.
 *
 * @returns 0 if all would be merged, 1 if something would not, 2 if that could not be told
 */
export async function explain(context: Context): Promise<number> {
  const hosts = chooseHosts(context);
  const { files } = context.commandLine.otherHosts;
  // What was chosen for what is merged on this machine says nothing of another one.
  const chosen = await findChosen(context, files.length > 0 ? [] : readHierarchies(context));
  const found = findCandidates(context, chosen);
  const hasFiles = found.some(({ found: one, why }) => why === null && 'path' in one && isFile(one));
  if (hasFiles && mayMount() && !hasPrivateNamespace()) return runInPrivateNamespace();
  const settings = withMergeSettings(context);
  const candidates = found.map((one) => explainCandidate(settings, hosts, chosen, one));
  const { root, places } = searchFor(context, chosen.choice?.from);
  const explanation = { hosts, searched: places.map((place) => join(root, place)), candidates };
  const { json, extensionClass } = context.commandLine;
  const format = formatOf(context.commandLine, 'explain');
  context.print(await explanationReport(explanation, extensionClass, json, format));
  return explanationStatus(explanation);
}
