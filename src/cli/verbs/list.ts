import { discoverImages } from '../../images/discover.js';
import type { Image } from '../../images/image.js';
import { listReport } from '../../report/list.js';
import { describePassedOver } from '../../report/passed-over.js';
import { belowGivenRoot, type Context, searchFor } from '../context.js';
import { readFacts } from '../image-facts.js';

/** `list`: the images that are installed, whether they fit or not. Reads only. */
export async function list(context: Context): Promise<number> {
  const { extensionClass, json, legend, verbose } = context.commandLine;
  const { images, passedOver } = discoverImages(searchFor(context));
  for (const found of passedOver) context.log.debug(describePassedOver(found).message);
  if (images.length === 0 && json === 'off') context.log.info(`No ${extensionClass.noun} found.`);
  else {
    const factsOf = (some: readonly Image[]) => readFacts(context, some);
    const pathOf = (path: string) => belowGivenRoot(context, path);
    context.print(await listReport(images, factsOf, { json, legend, verbose }, pathOf));
  }
  return 0;
}
