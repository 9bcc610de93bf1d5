import { parseRelease } from '../../../src/release/os-release.js';
import { isUnitName } from '../../../src/services/unit-name.js';
import { collectWishes } from '../../../src/services/wishes.js';
import { hold, textTarget } from './text.js';

const RELEASES = [
  'ID=debian\nVERSION_ID="13"\nID_LIKE=\'a b\'\n# comment\n; another\n',
  'ID = _any\r\nSYSEXT_SCOPE="system initrd" portable\nA="b\\"\\$\\`\\\\" c\n',
  'EXTENSION_RESTART_UNITS="a.service b@c.socket -.mount"\nEXTENSION_RELOAD_MANAGER=yes\nX=a\\\nb\n',
  "OPEN='never closed\nID=x\n",
];
const TOKENS = [
  '=',
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '$',
  '`',
  '#',
  ';',
  ' ',
  '\0',
  'ID',
  'a.service',
  '@',
  '\xff',
  '\xef\xbf\xbf',
];

/** os-release(5), of a host and of an extension; and the units that it wants to be restarted. */
export const RELEASE = textTarget({
  name: 'os-release',
  seeds: RELEASES,
  tokens: TOKENS,
  run(text) {
    const { fields, problems } = parseRelease(text);
    const lines = text.split(/\r\n|\r|\n/);
    for (const { line, text: said } of problems)
      hold(lines[line - 1]?.includes(said) === true, 'a problem is on no line', line, said);
    for (const [key, value] of fields) {
      hold(/^[A-Za-z_][A-Za-z0-9_]*$/.test(key), 'no name of a variable', key);
      hold(!/[\0\ufffd]/.test(value), 'a value that is no text', value);
    }
    // Written in quotes it says the same.
    const written = [...fields]
      .map(([key, value]) => `${key}="${value.replace(/["\\$`]/g, '\\$&')}"\n`)
      .join('');
    const again = parseRelease(written);
    hold(again.problems.length === 0, 'what is quoted has a problem', again.problems);
    hold(JSON.stringify([...again.fields]) === JSON.stringify([...fields]), 'quoted values differ', [
      ...fields,
    ]);
    const { restart, reloadOrRestart } = collectWishes([{ name: 'x', fields }]).wishes;
    for (const unit of [...restart, ...reloadOrRestart])
      hold(isUnitName(unit) && !/[\s/;|&$`'"<>*?]/.test(unit), 'no name of a unit', unit);
  },
});
