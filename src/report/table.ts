import { printable } from './printable.js';

/**
 * Lays rows out in columns, as the original does: one blank between columns, the last one not filled up.
 *
 * @param header `null` for none (`--no-legend`)
 * @returns lines, each with a newline
 */
export async function formatTable(
  header: readonly string[] | null,
  rows: readonly (readonly string[])[],
): Promise<string> {
  const lines = [...(header === null ? [] : [header]), ...rows].map((row) => row.map(printable));
  const widthOf = await chooseMeasure(lines.flat());
  const columns = Math.max(0, ...lines.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((row) => widthOf(row[column] ?? ''))),
  );
  const pad = (cell: string, column: number) =>
    column === columns - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell));
  return lines.map((row) => `${row.map(pad).join(' ')}\n`).join('');
}

/** How many columns a text takes on a terminal is a science that is only loaded for text beyond ASCII. */
async function chooseMeasure(cells: readonly string[]): Promise<(text: string) => number> {
  if (cells.every((cell) => /^[\x20-\x7e]*$/.test(cell))) return (text) => text.length;
  return (await import('string-width')).default;
}
