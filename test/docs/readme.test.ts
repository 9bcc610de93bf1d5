import { CLASSES } from '../../src/extension-class.js';
import { OPTIONS, type OptionSpec, VERBS } from '../../src/options.js';
import type { Mismatch } from '../../src/release/verdict.js';
import { describeIgnored, describeMasked } from '../../src/report/verdicts.js';
import { codeWords, read, section, tableRows } from './markdown.js';

const readme = read('README.md');
const firstCells = (heading: string): string[] =>
  tableRows(section(readme, heading)).map((row) => codeWords(row[0]!).join(' '));

test('every verb has a heading of its own, and no other word has', () => {
  const headings = [...section(readme, 'Everyday use').matchAll(/^### `(\w+)`$/gm)].map((match) => match[1]);
  expect(headings.sort()).toEqual(Object.keys(VERBS).sort());
});

test('every option has a row, as it is written in the help, and nothing else has', () => {
  const wanted = Object.entries<OptionSpec>(OPTIONS).map(([name, { alias, value }]) =>
    [
      ...(alias === undefined ? [] : [`-${alias}`]),
      value === undefined ? `--${name}` : `--${name}=${value}`,
    ].join(' '),
  );
  const rows = firstCells('Options').filter((cell) => cell !== '');
  expect(rows.sort()).toEqual(wanted.sort());
});

test('all values that an option can have are in its row', () => {
  const rows = tableRows(section(readme, 'Options'));
  for (const [name, { choices = [] }] of Object.entries<OptionSpec>(OPTIONS)) {
    const row = rows.find((cells) => cells[0]!.includes(`--${name}`));
    for (const choice of choices) expect(codeWords(row![1]!)).toContain(choice);
  }
});

test.each(Object.values(CLASSES))('files and variables of $name are named', (extensionClass) => {
  const files = codeWords(section(readme, 'Files'));
  for (const directory of extensionClass.searchPath) expect(files).toContain(`${directory}/`);
  for (const hierarchy of extensionClass.hierarchies) {
    expect(files).toContain(`${hierarchy}/${extensionClass.metadataDirectory}/`);
  }
  expect(files.join(' ')).toContain(`${extensionClass.releaseDirectory}/`);
  const variables = codeWords(section(readme, 'Environment'));
  expect(variables).toContain(extensionClass.hierarchiesVariable);
  expect(variables).toContain(extensionClass.mountOptionsVariable);
});

test('the sentences of ignored extensions are those of the program', () => {
  const said = MISMATCHES.map((mismatch) => describeIgnored(SUBJECT, mismatch, CALLER));
  const masked = describeMasked('foo', '').replace(/ ''$/, '');
  const rows = firstCells('When an extension is ignored').filter((cell) => cell !== '' && cell !== masked);
  expect(rows.filter((row) => !said.some((sentence) => sentence.includes(row)))).toEqual([]);
  expect(rows).toHaveLength(MISMATCHES.length);
});

test('the Debian packages that tests install are named', () => {
  const pairs = /TEST_PACKAGES=\(([^)]*)\)/.exec(read('scripts/lib.sh'))![1]!.trim().split(/\s+/);
  const packages = pairs.map((pair) => pair.split('=')[1]!);
  expect(packages.length).toBeGreaterThan(10);
  const text = section(readme, 'Tests');
  expect(packages.filter((name) => !text.includes(name))).toEqual([]);
});

const SUBJECT = {
  name: 'foo',
  path: '/var/lib/extensions/foo',
  releaseDirectory: 'usr/lib/extension-release.d',
};
const CALLER = { program: 'sysext', extensionClass: CLASSES.sysext, root: '/' };
const WANTED = '/usr/lib/extension-release.d/extension-release.foo';
const LEVEL = { field: 'SYSEXT_LEVEL', extension: null, host: null };

/** One for each row of the table. */
const MISMATCHES: readonly Mismatch[] = [
  { kind: 'no-release-file', wanted: WANTED, others: [], getfattrMissing: false },
  { kind: 'no-release-file', wanted: WANTED, others: ['bar'], getfattrMissing: false },
  { kind: 'id-mismatch', field: 'ID', wanted: 'fedora', found: 'debian', idLike: [] },
  { kind: 'version-mismatch', field: 'VERSION_ID', wanted: '12', found: '13', level: LEVEL },
  { kind: 'version-missing', field: 'VERSION_ID', found: '13', level: LEVEL },
  { kind: 'architecture-mismatch', field: 'ARCHITECTURE', wanted: 'arm64', found: 'x86-64' },
  { kind: 'scope-mismatch', field: 'SYSEXT_SCOPE', wanted: ['initrd'], found: 'system' },
  { kind: 'forbidden-os-release', path: '/usr/lib/os-release' },
];
