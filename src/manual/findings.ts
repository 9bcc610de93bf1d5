import { CODES, type FindingCode } from '../check/codes.js';
import { WORDS } from '../report/findings/words.js';
import { item, type Section, section } from './document.js';

/** What `check` can find. */
export function findings(): Section {
  const codes = Object.keys(CODES) as FindingCode[];
  return section(
    'FINDINGS',
    'What the command `check` can find, by code. Each has a page in `docs/findings` of this program, with an example.',
    ...codes.map((code) =>
      item(`\`${code}\` (${CODES[code]})`, `${WORDS[code].title}.`, WORDS[code].explanation),
    ),
  );
}
