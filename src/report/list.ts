import type { Image } from '../images/image.js';
import { IMAGE_COLUMNS, type ImageFacts, imageCells } from './image-record.js';
import { formatJson } from './json.js';
import type { ReportSettings } from './status.js';
import { formatTable } from './table.js';
import { formatTime } from './time.js';

/**
 * The images that were found, as a table or as JSON, in the order of their names' bytes as in the original.
 *
 * @param factsOf asked only where they are shown, and of all images at once, since they are read from the images; the answers
 *   are in their order
 * @param pathOf how the path of an image is shown
 */
export async function listReport(
  images: readonly Image[],
  factsOf: (images: readonly Image[]) => readonly ImageFacts[] | Promise<readonly ImageFacts[]>,
  { json, legend, verbose }: ReportSettings,
  pathOf: (path: string) => string = (path) => path,
): Promise<string> {
  const sorted = images.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const facts = json !== 'off' || verbose ? await factsOf(sorted) : [];
  if (json !== 'off') {
    const toJson = ({ name, kind, path, time }: Image, index: number) => {
      return { name, type: kind, path: pathOf(path), time, ...facts[index] };
    };
    return formatJson(sorted.map(toJson), json);
  }
  const header = ['NAME', 'TYPE', 'PATH', 'TIME', ...(verbose ? IMAGE_COLUMNS : [])];
  const rows = sorted.map(({ name, kind, path, time }, index) => {
    return [name, kind, pathOf(path), formatTime(time), ...(verbose ? imageCells(facts[index] ?? null) : [])];
  });
  return formatTable(legend ? header : null, rows);
}
