import { readHostRelease } from '../../release/host-release.js';
import { formatJson } from '../../report/json.js';
import { updateJson } from '../../report/update/json.js';
import { describeSkippedLine } from '../../report/update/problems.js';
import type { UpdateResult } from '../../report/update/result.js';
import { updateLines, updateTable } from '../../report/update/text.js';
import { chooseComponents } from '../../update/choose-components.js';
import { hostValues } from '../../update/host-values.js';
import { Manifests } from '../../update/stock.js';
import { readComponents } from '../../update/transfer-files.js';
import type { Context } from '../context.js';
import { updateComponents } from '../update/update-components.js';

/**
 * `update [NAME]`: puts newer versions in place, as the transfer files of systemd-sysupdate(8) say (sysupdate.d(5)). With
 * `--check` or `--dry-run` it only says what there is.
 *
 * @returns 0 for success; with `--check` 0 if there is something newer, 1 if not; and failures as of any verb
 * @throws HostReleaseError, UnknownComponentError
 */
export async function update(context: Context): Promise<number> {
  const { root, env, commandLine, log, print } = context;
  const { json, legend, extensionClass } = commandLine;
  const { check, dryRun } = commandLine.updating;
  const host = readHostRelease(root, env);
  const components = chooseComponents(
    readComponents(root, hostValues(root, host.fields, env)),
    commandLine.argument,
  );
  for (const problem of components.flatMap(({ problems }) => problems))
    log.warning(describeSkippedLine(problem));
  const manifests = new Manifests(root, new Date());
  const { results, status } = await updateComponents(context, components, manifests, host);
  if (json !== 'off') print(formatJson(updateJson(results, extensionClass.releaseDirectory), json));
  else if (check) print(await updateTable(results, legend));
  else if (dryRun) print(results.flatMap(dryRunLines).join(''));
  return statusOf(results, check) || status;
}

function dryRunLines(result: UpdateResult): string[] {
  return result.outcome.kind === 'failed' ? [] : updateLines(result).map((line) => `${line}\n`);
}

/** As of `systemd-sysupdate check-new`, but that a failure can be told from "nothing new". */
function statusOf(results: readonly UpdateResult[], check: boolean): number {
  const is = (kind: UpdateResult['outcome']['kind']) => results.some(({ outcome }) => outcome.kind === kind);
  if (is('failed')) return check ? 2 : 1;
  return check && !is('available') ? 1 : 0;
}
