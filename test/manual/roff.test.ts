import fc from 'fast-check';
import { escapeLiteral, escapeProse, renderPage, renderText } from '../../src/manual/roff.js';
import { render, requireGroff } from './support.js';

const EDITION = { version: '1.2.3', date: '2026-01-02' };
const skipped = requireGroff();
const withGroff = skipped === null ? it : it.skip;
const name = (text: string) => (skipped === null ? text : `${text} (${skipped})`);

describe('escapes', () => {
  it('makes of a hyphen a minus where it is typed, and leaves it where it is read', () => {
    expect(escapeLiteral('--no-reload')).toBe('\\-\\-no\\-reload');
    expect(escapeProse('read-only')).toBe('read-only');
  });

  it('has a name for each character that roff knows another meaning of', () => {
    expect(escapeProse('\\ \' " ` ^ ~ …')).toBe('\\e \\(aq \\(dq \\(ga \\(ha \\(ti \\[u2026]');
  });
});

describe('markup', () => {
  it('sets literals bold, placeholders italic, and references to pages as they are usual', () => {
    expect(renderText('say `--root=`*PATH* to mount(8)')).toBe(
      'say \\%\\fB\\-\\-root=\\fR\\fIPATH\\fR to \\%\\fBmount\\fR(8)',
    );
  });

  it('has a sentence a line, and no line that begins a request', () => {
    expect(renderText("One. .two\n'three")).toBe('One.\n\\&.two\n\\(aqthree');
  });
});

withGroff(
  name('shows any text as it was written'),
  () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom(...'ab.\'"\\-^~`&%,:(){}[]$#*!? ') }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, (list) => {
        const lines = list.map((word) => `|${word}|`);
        const page = {
          name: 'x',
          number: 8 as const,
          purpose: 'test',
          sections: [{ title: 'EXAMPLES', blocks: [{ kind: 'example' as const, lines: lines.join('\n') }] }],
        };
        const shown = render(renderPage(page, EDITION));
        for (const line of lines) expect(shown).toContain(line.trimEnd());
      }),
      { numRuns: 10 },
    );
  },
  60_000,
);
