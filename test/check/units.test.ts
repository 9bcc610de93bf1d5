import { findUnits, templateOf } from '../../src/check/units/find-units.js';
import { checkPrograms, programOf } from '../../src/check/units/programs.js';
import { findNotStarted } from '../../src/check/units/starts.js';
import { parseUnit, wordsOf } from '../../src/check/units/unit-file.js';
import { file, symlink, type Tree } from '../support/tree.js';
import { image } from './cases.js';
import { withChecked } from './checked.js';

const UNITS = 'usr/lib/systemd/system';
const INSTALL = '[Install]\nWantedBy=multi-user.target\n';

/** Names of units that nothing starts, and how that is. */
const notStarted = (units: Tree, release?: string) =>
  withChecked({ tree: image(units, release) }, (opened) =>
    findNotStarted(opened, findUnits(opened)).map(({ unit, how }) => `${unit.name} ${how}`),
  );

const below = (units: Record<string, string | ReturnType<typeof symlink>>): Tree =>
  Object.fromEntries(Object.entries(units).map(([name, content]) => [`${UNITS}/${name}`, content]));

test('the syntax of unit files', () => {
  const unit = parseUnit(
    '[Unit]\nWants=a.service \\\n# comment\n b.service\nWants=\nWants=c.service d.service\n[x\nA=1\n',
  );
  expect(wordsOf(unit, 'Unit.Wants')).toEqual(['c.service', 'd.service']);
  expect(templateOf('a@b.service')).toBe('a@.service');
  expect(templateOf('a@.service')).toBeNull();
});

test.each([
  ['/usr/bin/foo --x', '/usr/bin/foo'],
  ['@/usr/bin/foo foo', '/usr/bin/foo'],
  ['+!/usr/bin/foo', '/usr/bin/foo'],
  ['-/usr/bin/foo', null],
  ['"/usr/bin/with blank" x', '/usr/bin/with blank'],
  ["'/usr/bin/foo'", '/usr/bin/foo'],
  ['/usr/bin/%i', null],
  ['/usr/bin/50%%', '/usr/bin/50%'],
  ['foo', 'foo'],
  ['', null],
  ['|-', null],
])('the program of "%s" is %s', (line, program) => {
  expect(programOf(line)).toBe(program);
});

test('what systemd-tmpfiles makes of the factory is there', () => {
  const unit = { [`${UNITS}/a.service`]: '[Service]\nExecStart=/etc/a/run\n' };
  const codes = (tree: Tree) =>
    withChecked({ tree: image({ ...unit, ...tree }), host: {} }, (opened) =>
      checkPrograms(opened, findUnits(opened)).map(({ code }) => code),
    );
  expect(codes({})).toEqual(['exec-missing']);
  expect(codes({ 'usr/share/factory/etc/a/run': file('', { mode: 0o755 }) })).toEqual([]);
  expect(codes({ 'usr/share/factory/etc/a/run': file('', { mode: 0o644 }) })).toEqual([
    'exec-not-executable',
  ]);
});

describe('units count as started by', () => {
  test.each<[string, Tree, string?]>([
    ['the release file', below({ 'a.service': INSTALL }), 'ID=_any\nEXTENSION_RESTART_UNITS=a.service\n'],
    ['an instance', below({ 'a@.service': INSTALL })],
    [
      'Upholds=',
      below({ 'a.service': INSTALL, 'multi-user.target.d/a.conf': '[Unit]\nUpholds=a.service\n' }),
    ],
    [
      '.upholds/',
      below({ 'a.service': INSTALL, 'multi-user.target.upholds/a.service': symlink('../a.service') }),
    ],
    [
      'a socket',
      below({
        'a.service': '',
        'a.socket': INSTALL,
        'sockets.target.d/a.conf': '[Unit]\nUpholds=a.socket\n',
      }),
    ],
    [
      'a timer with another name',
      below({
        'a.service': '',
        'b.timer': '[Timer]\nUnit=a.service\n',
        'timers.target.upholds/b.timer': symlink('../b.timer'),
      }),
    ],
    [
      'each other',
      below({
        'a.service': '[Unit]\nWants=b.service\n',
        'b.service': '',
        'x.target.d/a.conf': '[Unit]\nUpholds=a.service\n',
      }),
    ],
    [
      'a target of the image',
      below({
        'a.service': INSTALL,
        'own.target': '',
        'own.target.wants/a.service': symlink('../a.service'),
        'multi-user.target.upholds/own.target': symlink('../own.target'),
      }),
    ],
    [
      'D-Bus',
      {
        ...below({ 'a.service': INSTALL }),
        'usr/share/dbus-1/system-services/org.a.service':
          '[D-BUS Service]\nName=org.a\nSystemdService=a.service\n',
      },
    ],
    [
      'udev',
      {
        ...below({ 'a.service': INSTALL }),
        'usr/lib/udev/rules.d/a.rules': 'ACTION=="add", TAG+="systemd", ENV{SYSTEMD_WANTS}+="a.service"\n',
      },
    ],
  ])('%s', (_, units, ...[release]) => {
    expect(notStarted(units, release)).toEqual([]);
  });
});

test('and not by links in .wants, WantedBy=, or drop-ins with Wants=', () => {
  expect(
    notStarted(
      below({
        'a.service': INSTALL,
        'b.service': '',
        'multi-user.target.wants/b.service': symlink('../b.service'),
        'c.service': '',
        'multi-user.target.d/c.conf': '[Unit]\nWants=c.service\n',
        'd.service': '',
        'e.target': INSTALL,
        'alias.service': symlink('a.service'),
      }),
    ),
  ).toEqual(['a.service enable', 'b.service boot', 'c.service boot', 'd.service nothing']);
});

test('a unit that the host has too is left to the host', () => {
  const units = below({ 'a.service': INSTALL });
  const findings = (host: Tree) =>
    withChecked({ tree: image(units), host }, (opened) => findNotStarted(opened, findUnits(opened)).length);
  expect(findings({})).toBe(1);
  expect(findings({ 'etc/systemd/system/a.service': '' })).toBe(0);
});

test('thousands of units are not all read', () => {
  const units = below(Object.fromEntries(Array.from({ length: 2010 }, (_, n) => [`u${n}.service`, ''])));
  withChecked({ tree: units }, (opened) => {
    const found = findUnits(opened);
    expect({ count: found.units.length, isCut: found.isCut }).toEqual({ count: 2000, isCut: true });
  });
});

test('much text in units is not all read', () => {
  const text = 'A=\n'.repeat(80_000);
  const units = below(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`u${n}.service`, text])));
  withChecked({ tree: units }, (opened) => {
    const found = findUnits(opened);
    expect({ count: found.units.length, isCut: found.isCut }).toEqual({ count: 17, isCut: true });
  });
});
