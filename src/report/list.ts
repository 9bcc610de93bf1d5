import type { Image } from '../images/image.js';
import { formatJson } from './json.js';
import type { ReportSettings } from './status.js';
import { formatTable } from './table.js';
import { formatTime } from './time.js';

/** The images that were found, as a table or as JSON, in the order of their names' bytes as in the original. */
export async function listReport(
  images: readonly Image[],
  { json, legend }: ReportSettings,
): Promise<string> {
  const sorted = images.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  if (json !== 'off') return formatJson(sorted.map(toJson), json);
  const rows = sorted.map((image) => [image.name, image.kind, image.path, formatTime(image.time)]);
  return formatTable(legend ? ['NAME', 'TYPE', 'PATH', 'TIME'] : null, rows);
}

function toJson({ name, kind, path, time }: Image) {
  return { name, type: kind, path, time };
}
