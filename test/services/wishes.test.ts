import fc from 'fast-check';
import { isUnitName } from '../../src/services/unit-name.js';
import { collectWishes } from '../../src/services/wishes.js';

const release = (name: string, fields: Record<string, string>) => ({
  name,
  fields: new Map(Object.entries(fields)),
});
const wishesOf = (fields: Record<string, string>) => collectWishes([release('a', fields)]).wishes;
const NONE = { reload: false, restart: [], reloadOrRestart: [] };

test('no wish', () => {
  expect(collectWishes([])).toEqual({ wishes: NONE, problems: [] });
  expect(collectWishes([release('a', { ID: '_any' })])).toEqual({ wishes: NONE, problems: [] });
});

test.each(['1', 'yes', 'y', 'TRUE', 't', 'On'])('EXTENSION_RELOAD_MANAGER=%s', (value) => {
  expect(wishesOf({ EXTENSION_RELOAD_MANAGER: value }).reload).toBe(true);
});

test.each(['0', 'no', 'N', 'false', 'f', 'off', ''])('EXTENSION_RELOAD_MANAGER=%s', (value) => {
  expect(collectWishes([release('a', { EXTENSION_RELOAD_MANAGER: value })])).toEqual({
    wishes: NONE,
    problems: [],
  });
});

test('a word that is neither is a problem', () => {
  expect(collectWishes([release('a', { EXTENSION_RELOAD_MANAGER: 'maybe' })])).toEqual({
    wishes: NONE,
    problems: [{ kind: 'not-boolean', extension: 'a', field: 'EXTENSION_RELOAD_MANAGER', value: 'maybe' }],
  });
});

test('lists of all extensions together: sorted, once, restart wins, reload implied', () => {
  const { wishes } = collectWishes([
    release('a', { EXTENSION_RELOAD_OR_RESTART_UNITS: 'z.service  b.service\tb.service\nc.socket' }),
    release('b', { EXTENSION_RESTART_UNITS: ' b.service a.service ', EXTENSION_RELOAD_MANAGER: '0' }),
  ]);
  expect(wishes).toEqual({
    reload: true,
    restart: ['a.service', 'b.service'],
    reloadOrRestart: ['c.socket', 'z.service'],
  });
});

test.each(['  ', '!'])('a list without any unit, %j, still means a reload', (value) => {
  expect(wishesOf({ EXTENSION_RESTART_UNITS: value })).toEqual({ ...NONE, reload: true });
});

test('quotes and backslashes in a list mean nothing', () => {
  const { wishes, problems } = collectWishes([
    release('a', { EXTENSION_RESTART_UNITS: "a\\x2db.service 'q.service'" }),
  ]);
  expect(wishes.restart).toEqual(['a\\x2db.service']);
  expect(problems.map(({ value }) => value)).toEqual(["'q.service'"]);
});

test('hostile names are told and not passed on, each once', () => {
  const hostile = ['--help', '$(x).service', 'a;b.service', `${'x'.repeat(300)}.service`, '../x.service'];
  const a = release('a', { EXTENSION_RESTART_UNITS: hostile.join(' ') });
  const { wishes, problems } = collectWishes([a, a]);
  expect(wishes.restart).toEqual([]);
  expect(problems).toEqual(
    hostile.map((value) => ({
      kind: 'unit-name',
      extension: 'a',
      field: 'EXTENSION_RESTART_UNITS',
      value,
    })),
  );
});

test('whatever stands in the lists, only unit names come out, sorted and in one list', () => {
  const list = fc
    .array(fc.oneof(fc.string(), fc.constantFrom('a.service', 'b.timer', 'c@.service')))
    .map((names) => names.join(' '));
  fc.assert(
    fc.property(list, list, (restartList, reloadList) => {
      const { restart, reloadOrRestart } = wishesOf({
        EXTENSION_RESTART_UNITS: restartList,
        EXTENSION_RELOAD_OR_RESTART_UNITS: reloadList,
      });
      const units = [...restart, ...reloadOrRestart];
      expect(units.every(isUnitName)).toBe(true);
      expect(new Set(units).size).toBe(units.length);
      expect(restart).toEqual([...restart].sort());
    }),
  );
});
