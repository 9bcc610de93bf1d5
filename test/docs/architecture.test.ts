import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { CHECKOUT, codeWords, read, section, tableRows } from './markdown.js';

const text = read('docs/architecture.md');
const SOURCES = join(CHECKOUT, 'src');

/** Room, file and import, for every import in src/ that stays in src/. */
const imports = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const source = readFileSync(join(SOURCES, file), 'utf8');
    const names = [...source.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map((match) => match[1]!);
    return names.map((name) => ({ room: roomOf(file), file, to: roomOf(normalize(join(file, '..', name))) }));
  });

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

const rules = new Map(
  tableRows(section(text, 'The rooms, and what they may import'))
    .filter((row) => row[0] !== 'room')
    .map((row) => [codeWords(row[0]!)[0]!.replace('src/', ''), row[2]!.split(', ')]),
);

test('the table has all rooms', () => {
  const rooms = readdirSync(SOURCES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect([...rules.keys()].sort()).toEqual(rooms.map(({ name }) => name).sort());
});

test('rooms import what the table allows, and nothing else', () => {
  const forbidden = imports.filter(
    ({ room, to }) => room !== '' && to !== '' && to !== room && !rules.get(room)?.includes(to),
  );
  expect(forbidden).toEqual([]);
});

test('no import goes in circles', () => {
  const order = [...rules.keys()];
  for (const [room, allowed] of rules) {
    for (const other of allowed.filter((name) => order.includes(name))) {
      expect({ room, other, before: order.indexOf(other) < order.indexOf(room) }).toEqual({
        room,
        other,
        before: true,
      });
    }
  }
});

test('every package that the program depends on has a row', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'optionalDependencies',
    Record<string, string>
  >;
  const rows = tableRows(section(text, 'Third-party packages')).map((row) => row[0]);
  expect(rows.slice(1).sort()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).sort());
});

test('every kind of step is told', () => {
  const kinds = new Set(
    [...read('src/overlay/step.ts').matchAll(/readonly kind: '([\w-]+)'/g)].map((m) => m[1]!),
  );
  const told = [...section(text, 'The plan').matchAll(/^\d+\. `([\w-]+)`/gm)].map((match) => match[1]!);
  expect(told.sort()).toEqual([...kinds].sort());
});
