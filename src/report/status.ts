import type { Choice } from '../overlay/choice.js';
import type { Hierarchy, Merge } from '../overlay/metadata.js';
import { type Origin, parseOrigin, type SourceRecord } from '../overlay/origin.js';
import { formatChoice } from './choice.js';
import { factsOfRecord, IMAGE_COLUMNS, imageCells } from './image-record.js';
import { formatJson, type Json, type JsonFormat } from './json.js';
import { formatTable } from './table.js';
import { formatTime } from './time.js';

export interface ReportSettings {
  readonly json: JsonFormat;
  /** Whether a table has a header. */
  readonly legend: boolean;
  /** Whether a table has the columns that the original does not have. */
  readonly verbose: boolean;
}

/** What is merged into each hierarchy, as a table or as JSON; sorted by hierarchy as in the original. */
export async function statusReport(
  hierarchies: readonly Hierarchy[],
  { json, legend, verbose }: ReportSettings,
): Promise<string> {
  const sorted = hierarchies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (json !== 'off') return formatJson(sorted.map(toJson), json);
  const header = ['HIERARCHY', 'EXTENSIONS', 'SINCE', ...(verbose ? [...IMAGE_COLUMNS, 'CHOICE'] : [])];
  return formatTable(
    legend ? header : null,
    sorted.flatMap((hierarchy) => toRows(hierarchy, verbose)),
  );
}

function toJson({ name, merge }: Hierarchy) {
  const sources = sourcesOf(merge);
  const choice = originOf(merge)?.choice ?? null;
  return {
    hierarchy: name,
    extensions: merge?.names ?? [],
    since: merge?.since ?? null,
    images: [...sources].map(([extension, source]) => {
      return { name: extension, path: source.path, ...factsOfRecord(source) };
    }),
    choice: choice === null ? null : choiceJson(choice),
  };
}

/** The first extension stands in the hierarchy's own row, the others below it. */
function toRows({ name, merge }: Hierarchy, verbose: boolean): string[][] {
  const sources = sourcesOf(merge);
  const cells = (extension: string) => {
    const source = sources.get(extension);
    return verbose ? imageCells(source === undefined ? null : factsOfRecord(source)) : [];
  };
  const choice = originOf(merge)?.choice ?? null;
  // It is one for all extensions of the hierarchy, and comes last, as it may be long.
  const chosen = (text: string) => (verbose ? [text] : []);
  const [first = '-', ...others] = merge?.names ?? [];
  return [
    [
      name,
      first,
      merge === null ? '-' : formatTime(merge.since),
      ...cells(first),
      ...chosen(choice === null ? '-' : formatChoice(choice)),
    ],
    ...others.map((other) => ['', other, '', ...cells(other), ...chosen('')]),
  ];
}

function choiceJson({ names, only, except, from, order }: Choice): Json {
  return { names: [...names], only: [...only], except: [...except], from: [...from], order: [...order] };
}

/** None of a merge by the original. */
function sourcesOf(merge: Merge | null): ReadonlyMap<string, SourceRecord> {
  return originOf(merge)?.extensions ?? new Map();
}

function originOf(merge: Merge | null): Origin | null {
  return parseOrigin(merge?.origin ?? '');
}
