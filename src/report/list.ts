import type { Image } from '../images/image.js';
import { IMAGE_COLUMNS, type ImageFacts, imageCells } from './image-record.js';
import { formatJson } from './json.js';
import type { ReportSettings } from './status.js';
import { formatTable } from './table.js';
import { formatTime } from './time.js';

/**
 * The images that were found, as a table or as JSON, in the order of their names' bytes as in the original.
 *
 * @param factsOf asked only where they are shown, since they are read from the images
 */
export async function listReport(
  images: readonly Image[],
  factsOf: (image: Image) => ImageFacts,
  { json, legend, verbose }: ReportSettings,
): Promise<string> {
  const sorted = images.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  if (json !== 'off') {
    const toJson = (image: Image) => {
      const { name, kind, path, time } = image;
      return { name, type: kind, path, time, ...factsOf(image) };
    };
    return formatJson(sorted.map(toJson), json);
  }
  const header = ['NAME', 'TYPE', 'PATH', 'TIME', ...(verbose ? IMAGE_COLUMNS : [])];
  const rows = sorted.map((image) => {
    const { name, kind, path, time } = image;
    return [name, kind, path, formatTime(time), ...(verbose ? imageCells(factsOf(image)) : [])];
  });
  return formatTable(legend ? header : null, rows);
}
