import type { Block, Edition, Page, Text } from './document.js';

/** A manual page in the macros of man(7), laid out as man-pages(7) asks for. */
export function renderPage({ name, number, purpose, sections }: Page, { version, date }: Edition): string {
  const manual = number === 5 ? 'File formats' : 'System administration';
  const title = [name.toUpperCase(), String(number), date, `sysext ${version}`, manual].map(argument);
  return [
    `.TH ${title.join(' ')}`,
    // Long names tear holes into justified lines.
    '.ad l',
    '.SH NAME',
    `${escapeLiteral(name)} \\- ${escapeProse(purpose)}`,
    ...sections.flatMap(({ title, blocks }) => [`.SH ${argument(title)}`, ...renderBlocks(blocks)]),
    '',
  ].join('\n');
}

function renderBlocks(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, index) => {
    const before = blocks[index - 1];
    const isFirst = before === undefined || (typeof before === 'object' && before.kind === 'heading');
    return renderBlock(block, isFirst);
  });
}

/** A heading brings its own blank line; mandoc(1) is right that `.PP` after it is too much. */
function renderBlock(block: Block, isFirst: boolean): string[] {
  if (typeof block === 'string') return [...(isFirst ? [] : ['.PP']), renderText(block)];
  switch (block.kind) {
    case 'heading':
      return [`.SS ${argument(block.title)}`];
    case 'item':
      return ['.TP', renderTerm(block.term), block.text.map(renderText).join('\n.IP\n')];
    case 'example':
      return [
        ...(isFirst ? [] : ['.PP']),
        '.in +4n',
        '.EX',
        ...block.lines.split('\n').map(line),
        '.EE',
        '.in',
      ];
  }
}

/** A sentence a line, as man-pages(7) has it: groff(1) then knows where one ends. */
export function renderText(text: Text): string {
  const joined = inline(text).replace(
    /([.:?!]\)?) +(?=\S)/g,
    (match, end: string, at: number, all: string) =>
      /\b(e\.g|i\.e)\.$/.test(all.slice(0, at + 1)) ? match : `${end}\n`,
  );
  return joined.split('\n').map(protect).join('\n');
}

function renderTerm(term: Text): string {
  return protect(inline(term));
}

/** Markup, with all around it escaped. */
function inline(text: Text): string {
  const markup = /`([^`]+)`|\*([^*]+)\*|\b([a-z][a-z0-9_.@-]*)(\([1-9]\))/g;
  let done = 0;
  let result = '';
  for (const match of text.matchAll(markup)) {
    const [whole, strong, placeholder, page = '', chapter = ''] = match;
    result += escapeProse(text.slice(done, match.index));
    if (strong !== undefined) result += literal(strong);
    else if (placeholder !== undefined) result += `\\fI${escapeLiteral(placeholder)}\\fR`;
    else result += `${literal(page)}${chapter}`;
    done = match.index + whole.length;
  }
  return (result + escapeProse(text.slice(done))).split(' ').map(keepWhole).join(' ');
}

/** `\%` before a word keeps it from being hyphenated: a name that is broken in two cannot be searched for or copied. */
function keepWhole(word: string): string {
  return /\\f[BI]/.test(word) ? `\\%${word}` : word;
}

function literal(text: string): string {
  return `\\fB${escapeLiteral(text).replaceAll(' ', ' \\%')}\\fR`;
}

function line(text: string): string {
  return protect(escapeLiteral(text));
}

/** At the start of a line a dot or an apostrophe would begin a request (roff(7)). */
function protect(text: string): string {
  return /^[.']/.test(text) ? `\\&${text}` : text;
}

/** An argument of a macro. */
function argument(text: string): string {
  return `"${escapeProse(text)}"`;
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Characters that groff_char(7) has other ideas about than ASCII. A `-` stays: in prose it is a hyphen. */
export function escapeProse(text: string): string {
  return [...text].map((char) => SPECIAL[char] ?? (char > '~' ? codePoint(char) : char)).join('');
}

/** For what people copy to a terminal. */
export function escapeLiteral(text: string): string {
  return escapeProse(text).replaceAll('-', '\\-');
}

function codePoint(char: string): string {
  return `\\[u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
}
