import { discoverImages } from '../../images/discover.js';
import { listReport } from '../../report/list.js';
import { describePassedOver } from '../../report/passed-over.js';
import { type Context, searchFor } from '../context.js';
import { readFacts } from '../image-facts.js';

/** `list`: the images that are installed, whether they fit or not. Reads only. */
export async function list(context: Context): Promise<number> {
  const { extensionClass, json, legend, verbose } = context.commandLine;
  const { images, passedOver } = discoverImages(searchFor(context));
  for (const found of passedOver) context.log.debug(describePassedOver(found).message);
  if (images.length === 0 && json === 'off') context.log.info(`No ${extensionClass.noun} found.`);
  else context.print(await listReport(images, (some) => readFacts(context, some), { json, legend, verbose }));
  return 0;
}
