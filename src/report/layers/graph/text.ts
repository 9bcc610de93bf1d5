import type { Picture } from './boxes.js';
import { chooseMeasure, type Measure, wrap } from './wrap.js';

/** What lines are drawn with. */
interface Strokes {
  readonly top: readonly [left: string, right: string];
  readonly middle: readonly [left: string, right: string];
  readonly bottom: readonly [left: string, right: string];
  readonly across: string;
  readonly down: string;
  readonly arrow: string;
}

const BOXES: Strokes = {
  top: ['┌', '┐'],
  middle: ['├', '┤'],
  bottom: ['└', '┘'],
  across: '─',
  down: '│',
  arrow: '▼',
};
const ASCII: Strokes = {
  top: ['+', '+'],
  middle: ['+', '+'],
  bottom: ['+', '+'],
  across: '-',
  down: '|',
  arrow: 'v',
};

/** Wider is not easier to read, and narrower there is nothing to read. */
const [NARROWEST, WIDEST] = [12, 78];

export interface Terminal {
  readonly columns: number;
  /** Whether it can show more than ASCII. */
  readonly isUnicode: boolean;
}

/** A picture for a terminal: lines, each with a newline. */
export async function drawText(pictures: readonly Picture[], terminal: Terminal): Promise<string> {
  const texts = pictures.flatMap(({ title, boxes }) => [
    title,
    ...boxes.flatMap((box) => [box.title, ...box.lines]),
  ]);
  const measure = await chooseMeasure(texts);
  const width = Math.max(NARROWEST, Math.min(terminal.columns, WIDEST));
  const strokes = terminal.isUnicode ? BOXES : ASCII;
  return pictures.map((picture) => draw(picture, width, strokes, measure)).join('\n');
}

function draw({ title, boxes }: Picture, width: number, strokes: Strokes, measure: Measure): string {
  const inner = width - 4;
  const line = (text: string) =>
    `${strokes.down} ${text}${' '.repeat(Math.max(0, inner - measure(text)))} ${strokes.down}`;
  const rule = ([left, right]: readonly [string, string]) => left + strokes.across.repeat(width - 2) + right;
  const drawn = boxes.flatMap((box, index) => [
    rule(index === 0 ? strokes.top : strokes.middle),
    ...wrap(box.title, inner, measure).map(line),
    ...box.lines.flatMap((text) => wrap(text, inner - 2, measure).map((piece) => line(`  ${piece}`))),
  ]);
  const arrow = `${strokes.arrow} you look from here`;
  const head = [...wrap(title, width, measure), ...(boxes.length > 0 ? [arrow.slice(0, width)] : [])];
  const end = boxes.length > 0 ? [rule(strokes.bottom)] : [];
  return [...head, ...drawn, ...end].map((text) => `${text}\n`).join('');
}
