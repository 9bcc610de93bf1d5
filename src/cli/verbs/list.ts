import { nativeArchitecture } from '../../host/architecture.js';
import { discoverImages } from '../../images/discover.js';
import { listReport } from '../../report/list.js';
import { describePassedOver } from '../../report/passed-over.js';
import type { Context } from '../context.js';

/** `list`: the images that are installed, whether they fit or not. Reads only. */
export async function list(context: Context): Promise<number> {
  const { extensionClass, json, legend } = context.commandLine;
  const architecture = nativeArchitecture();
  const { images, passedOver } = discoverImages({ root: context.root, extensionClass, architecture });
  for (const found of passedOver) context.log.debug(describePassedOver(found).message);
  if (images.length === 0 && json === 'off') context.log.info(`No ${extensionClass.noun} found.`);
  else context.print(await listReport(images, { json, legend }));
  return 0;
}
