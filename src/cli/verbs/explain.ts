import { join } from 'node:path';
import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { explanationStatus } from '../../report/explanation/candidate.js';
import { explanationReport } from '../../report/explanation/report.js';
import { formatOf } from '../command-line.js';
import { type Context, searchFor } from '../context.js';
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
  const found = findCandidates(context);
  const hasFiles = found.some(({ found: one }) => 'path' in one && isFile(one));
  if (hasFiles && mayMount() && !hasPrivateNamespace()) return runInPrivateNamespace();
  const settings = withMergeSettings(context);
  const candidates = found.map((one) => explainCandidate(settings, hosts, one));
  const { root, places } = searchFor(context);
  const explanation = { hosts, searched: places.map((place) => join(root, place)), candidates };
  const { json, extensionClass } = context.commandLine;
  const format = formatOf(context.commandLine, 'explain');
  context.print(await explanationReport(explanation, extensionClass, json, format));
  return explanationStatus(explanation);
}
