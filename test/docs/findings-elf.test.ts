import { ELF_CODES } from '../../src/check/elf/codes.js';
import { tell } from '../../src/report/check/sentences.js';
import { printable } from '../../src/report/printable.js';
import { check, ELF_CASES } from '../check/elf/cases.js';
import { read } from './markdown.js';

test('the examples of findings about programs are what the program says', () => {
  for (const code of Object.keys(ELF_CODES) as (keyof typeof ELF_CODES)[]) {
    const finding = check(ELF_CASES[code][0]!).find((one) => one.code === code)!;
    const { message, remedy } = tell(finding);
    const at = finding.path === null ? '' : `${printable(finding.path)}: `;
    const example = `\`\`\`text\n${at}${message}.\nWhat to do: ${remedy}.\n\`\`\`\n`;
    expect(read(`docs/findings/${code}.md`)).toContain(example);
  }
});
