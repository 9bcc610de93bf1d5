import stringWidth from 'string-width';
import type { Picture } from '../../../src/report/layers/graph/boxes.js';
import { drawMermaid } from '../../../src/report/layers/graph/mermaid.js';
import { drawSvg } from '../../../src/report/layers/graph/svg.js';
import { drawText } from '../../../src/report/layers/graph/text.js';

const PICTURE: Picture = {
  title: '/usr: 2 layers',
  boxes: [
    {
      kind: 'extension',
      title: '<a> "b" & c',
      lines: ['/var/lib/extensions/日本語のとても長いファイル名', 'adds 1 file'],
    },
    { kind: 'host', title: "the host's own /usr", lines: [] },
  ],
};

test.each([12, 20, 33, 80, 500])('no line is wider than %i columns', async (columns) => {
  for (const isUnicode of [true, false]) {
    const lines = (await drawText([PICTURE], { columns, isUnicode })).trimEnd().split('\n');
    const widths = lines.map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBe(Math.min(columns, 78));
    const boxes = lines.filter((line) => /^[│|┌├└+]/.test(line));
    expect(new Set(boxes.map((line) => stringWidth(line))).size).toBe(1);
    expect(lines.join('\n').replace(/[぀-鿿]/g, '')).toMatch(isUnicode ? /┌─/ : /^[\x00-\x7f]*$/);
  }
});

test('what has a meaning in the format is escaped', async () => {
  const svg = await drawSvg([PICTURE]);
  expect(svg).toContain('&lt;a&gt; &quot;b&quot; &amp; c');
  expect(svg).not.toContain('<a>');
  const mermaid = drawMermaid([PICTURE]);
  expect(mermaid).toContain('["#60;a#62; #34;b#34; #38; c<br>');
  expect(mermaid).toContain('    g0b0 --- g0b1\n');
});
