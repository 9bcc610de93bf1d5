import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { programVersion } from '../../host/self.js';
import { isFile } from '../../images/image.js';
import { checkStatus } from '../../report/check/checked.js';
import { formatCheck } from '../../report/check/report.js';
import { checkOne, findNamed, readHost } from '../check/check-images.js';
import { isAnyMerged, withHosts } from '../check/host-without.js';
import { formatOf } from '../command-line.js';
import type { Context } from '../context.js';

/**
 * `check IMAGE…`: what the author of an image should know before others merge it. Reads only; images are mounted where nobody
 * else sees it.
 *
 * @returns 0 if there is nothing but notes, 1 for errors and warnings, 2 if something cannot be told
 */
export async function check(context: Context): Promise<number> {
  if (context.commandLine.against.length > 0)
    return (await import('../check/against.js')).checkAgainst(context);
  const images = findNamed(context);
  const host = readHost(context);
  const names = images.map(({ name }) => name);
  const mounts = images.some(isFile) || (host !== null && isAnyMerged(context, names));
  if (mounts && mayMount() && !hasPrivateNamespace()) return runInPrivateNamespace();
  const { commandLine } = context;
  const { extensionClass, json } = commandLine;
  const checked = withHosts(context, host, names, (hostWithout) =>
    images.map((image) => hostWithout(image.name, (compared) => checkOne(context, compared, image))),
  );
  const report = { extensionClass, images: checked };
  context.print(await formatCheck(report, formatOf(commandLine, 'check'), json, programVersion()));
  return checkStatus(report);
}
