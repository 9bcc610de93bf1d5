import type { Hierarchy } from '../overlay/metadata.js';
import { formatJson, type JsonFormat } from './json.js';
import { formatTable } from './table.js';
import { formatTime } from './time.js';

export interface ReportSettings {
  readonly json: JsonFormat;
  /** Whether a table has a header. */
  readonly legend: boolean;
}

/** What is merged into each hierarchy, as a table or as JSON; sorted by hierarchy as in the original. */
export async function statusReport(
  hierarchies: readonly Hierarchy[],
  { json, legend }: ReportSettings,
): Promise<string> {
  const sorted = hierarchies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (json !== 'off') return formatJson(sorted.map(toJson), json);
  return formatTable(legend ? ['HIERARCHY', 'EXTENSIONS', 'SINCE'] : null, sorted.flatMap(toRows));
}

function toJson({ name, merge }: Hierarchy) {
  return { hierarchy: name, extensions: merge?.names ?? [], since: merge?.since ?? null };
}

/** The first extension stands in the hierarchy's own row, the others below it. */
function toRows({ name, merge }: Hierarchy): string[][] {
  if (merge === null) return [[name, '-', '-']];
  const [first = '-', ...others] = merge.names;
  return [[name, first, formatTime(merge.since)], ...others.map((other) => ['', other, ''])];
}
