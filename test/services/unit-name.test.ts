import fc from 'fast-check';
import { isUnitName } from '../../src/services/unit-name.js';

test.each([
  'a.service',
  'a@b.service',
  'a@b@c.service',
  'dev-disk-by\\x2dlabel-x.device',
  '-.mount',
  'a.b.socket',
  'a_b:c.timer',
  `${'a'.repeat(247)}.service`,
])('%s is a unit name', (name) => expect(isUnitName(name)).toBe(true));

test.each([
  '',
  '--help',
  '.service',
  'a',
  'a.conf',
  'a@.service',
  '@a.service',
  '$(x).service',
  'a;b.service',
  'a b.service',
  'a\n.service',
  'a.service\n',
  '../x.service',
  '/x.service',
  'a*.service',
  'ä.service',
  'a\0.service',
  `${'a'.repeat(248)}.service`,
  `${'a'.repeat(300)}.service`,
])('%j is none', (name) => expect(isUnitName(name)).toBe(false));

test('a name that is taken has nothing in it that a shell, a glob or a path could mean something with', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('.service', '@', '-', '\\x2d', ' ', '/', '\n', '*', '`'),
  );
  const names = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      fc.oneof(
        names,
        names.map((name) => `${name}.service`),
      ),
      (name) => {
        if (!isUnitName(name)) return;
        expect(name).toMatch(/^[A-Za-z0-9:_.\\@-]{1,255}$/);
        expect(name).toMatch(
          /.\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/,
        );
      },
    ),
    { numRuns: 2000 },
  );
});

test('every name of plain characters with a type is taken', () => {
  const character = fc.constantFrom(...'ABCxyz019:-_.\\');
  const prefix = fc
    .array(character, { minLength: 1, maxLength: 200 })
    .map((characters) => characters.join(''));
  fc.assert(fc.property(prefix, (name) => expect(isUnitName(`${name}.service`)).toBe(true)));
});
