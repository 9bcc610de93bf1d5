import type { Box, Picture } from './boxes.js';
import { chooseMeasure, type Measure, wrap } from './wrap.js';

const WIDTH = 640;
const MARGIN = 20;
const PADDING = 12;
const LINE = 20;
const GAP = 6;
/** Columns of a box; each takes at most 8 px in a monospace font of 13 px. */
const COLUMNS = Math.floor((WIDTH - 2 * MARGIN - 2 * PADDING) / 8);

/** Fill and stroke. */
const COLOURS: Readonly<Record<Box['kind'], readonly [string, string]>> = {
  metadata: ['#f3f4f6', '#9ca3af'],
  extension: ['#dbeafe', '#2563eb'],
  'write-directory': ['#fef3c7', '#d97706'],
  memory: ['#fef3c7', '#d97706'],
  host: ['#dcfce7', '#16a34a'],
};

/** A picture for a browser or a document. */
export async function drawSvg(pictures: readonly Picture[]): Promise<string> {
  const texts = pictures.flatMap(({ title, boxes }) => [
    title,
    ...boxes.flatMap((box) => [box.title, ...box.lines]),
  ]);
  const measure = await chooseMeasure(texts);
  const parts: string[] = [];
  let y = MARGIN;
  for (const { title, boxes } of pictures) {
    for (const piece of wrap(title, COLUMNS, measure)) {
      parts.push(text(MARGIN, y + 15, piece, 'title'));
      y += LINE + 4;
    }
    for (const box of boxes) {
      const drawn = drawBox(box, y, measure);
      parts.push(...drawn.parts);
      y += drawn.height + GAP;
    }
    y += MARGIN;
  }
  const style =
    'text{font:13px ui-monospace,monospace;fill:#111827;white-space:pre}.title{font-size:16px;font-weight:bold}.name{font-weight:bold}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img">`,
    `<title>${escapeXml(pictures.map(({ title }) => title).join('; '))}</title>`,
    `<style>${style}</style>`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawBox(
  { kind, title, lines }: Box,
  y: number,
  measure: Measure,
): { parts: string[]; height: number } {
  const names = wrap(title, COLUMNS, measure);
  const about = lines.flatMap((line) => wrap(line, COLUMNS, measure));
  const height = (names.length + about.length) * LINE + 2 * PADDING - 4;
  const [fill, stroke] = COLOURS[kind];
  const at = (index: number) => y + PADDING + 12 + index * LINE;
  return {
    height,
    parts: [
      `<rect x="${MARGIN}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="${height}" rx="6" fill="${fill}" stroke="${stroke}"/>`,
      ...names.map((piece, index) => text(MARGIN + PADDING, at(index), piece, 'name')),
      ...about.map((piece, index) => text(MARGIN + PADDING, at(names.length + index), piece, null)),
    ],
  };
}

function text(x: number, y: number, content: string, style: string | null): string {
  return `<text x="${x}" y="${y}"${style === null ? '' : ` class="${style}"`}>${escapeXml(content)}</text>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** What XML cannot have at all is a surrogate without its other half; control characters are written out before. */
function escapeXml(content: string): string {
  return Buffer.from(content)
    .toString()
    .replace(/[&<>"\ufffe\uffff]/g, (char) => ENTITIES[char] ?? '\ufffd');
}
