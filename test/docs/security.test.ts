import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, codeWords, read, section, tableRows } from './markdown.js';

const text = read('docs/security.md');
const rows = tableRows(section(text, 'Who might want what')).filter((row) => row[0] !== 'attempt');

test('every attempt that is defended names the tests that show it, and they exist', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const tests = codeWords(row.at(-1)!);
    expect({ attempt: row[0], tests }).not.toMatchObject({ tests: [] });
    for (const name of tests) expect(name).toMatch(/^test\/[\w/.-]+\.test\.ts$/);
    expect(tests.filter((name) => !existsSync(join(CHECKOUT, name)))).toEqual([]);
  }
});

test('every test of a hostile image stands for an attempt', () => {
  const named = rows.flatMap((row) => codeWords(row.at(-1)!));
  const tests = readdirSync(join(CHECKOUT, 'test/e2e/hostile')).filter((name) => name.endsWith('.test.ts'));
  expect(tests.filter((name) => !named.includes(`test/e2e/hostile/${name}`))).toEqual([]);
});

test('every program that is called as root is named', () => {
  const called = [
    'mount',
    'umount',
    'flock',
    'losetup',
    'mknod',
    'getfattr',
    'chcon',
    'veritysetup',
    'cryptsetup',
  ];
  const paragraph = section(text, 'What runs as root, and what never runs');
  expect(called.filter((name) => !paragraph.includes(`${name}(`))).toEqual([]);
});
