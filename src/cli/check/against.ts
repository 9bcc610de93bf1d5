import { realpathSync, statSync } from 'node:fs';
import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { type HostRelease, HostReleaseError, readHostRelease } from '../../release/host-release.js';
import { againstStatus } from '../../report/against/outcome.js';
import { againstReport } from '../../report/against/report.js';
import type { ExplainedHost } from '../../report/explanation/candidate.js';
import { findChosen } from '../chosen.js';
import { formatOf } from '../command-line.js';
import type { Context } from '../context.js';
import { explainCandidate, findCandidates } from '../explain/candidates.js';
import { readNamed } from '../explain/hosts.js';
import { withMergeSettings } from '../merge-settings.js';

/**
 * `check --against=PATH…`: what becomes of what is installed on systems to come. Reads only; images are mounted where nobody else
 * sees it.
 *
 * @returns 0 if nothing drops out, 1 if something does, 2 if that cannot be told
 */
export async function checkAgainst(context: Context): Promise<number> {
  const systems = context.commandLine.against.map(readSystem);
  // What was chosen for the present merge is forgotten when another system starts.
  const chosen = await findChosen(context, []);
  const found = findCandidates(context, chosen);
  const hasFiles = found.some(({ found: one }) => 'path' in one && isFile(one));
  if (hasFiles && mayMount() && !hasPrivateNamespace()) return runInPrivateNamespace();
  const present = readPresent(context);
  const hosts = [...systems, ...(present === null ? [] : [{ label: present.path, release: present }])];
  const settings = withMergeSettings(context);
  const candidates = found.map((one) => explainCandidate(settings, hosts, chosen, one));
  const { commandLine } = context;
  const { extensionClass, json } = commandLine;
  const report = { extensionClass, present, systems, candidates };
  const format = formatOf(commandLine, 'check') === 'github' ? 'github' : 'text';
  context.print(await againstReport(report, format, json));
  return againstStatus(report);
}

/** A directory is the root of a system, anything else its os-release file. @throws HostReleaseError */
function readSystem(path: string): ExplainedHost {
  const release = isDirectory(path) ? readHostRelease(realpathSync(path), {}) : readNamed(path);
  return { label: release.path, release };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What an updater works on need not be a system yet. */
function readPresent({ root, env }: Context): HostRelease | null {
  try {
    return readHostRelease(root, env);
  } catch (error) {
    if (error instanceof HostReleaseError) return null;
    throw error;
  }
}
