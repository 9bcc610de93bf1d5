import { readReport } from './report.js';

const REPORT = `TAP version 14
# systemd 262
# Subtest: 10-one
    ok 1 - merges
    something said
    not ok 2 - unmerges
    # status 1 of: unmerge
    # not mounted
    ok 3 - verity # SKIP no such module
    1..3
ok 1 - 10-one
# exit status 0
# Subtest: 20-two
    ok 1 - starts
not ok 2 - 20-two
1..2
`;

test('each check has a result, and what a failed command said', () => {
  expect(readReport(REPORT)[0]).toEqual({
    name: '10-one',
    checks: [
      { text: 'merges', kind: 'passed', details: '' },
      { text: 'unmerges', kind: 'failed', details: 'status 1 of: unmerge\nnot mounted\n' },
      { text: 'verity', kind: 'skipped', details: 'no such module' },
    ],
    isComplete: true,
    rest: 'something said',
  });
});

test('a serial port may end lines with a carriage return', () => {
  expect(readReport(REPORT.replaceAll('\n', '\r\n'))).toEqual(readReport(REPORT));
});

test.each([
  ['without its plan', REPORT, 1],
  ['with fewer checks than planned', REPORT.replace('    ok 1 - merges\n', ''), 0],
  ['with another exit status', REPORT.replace('\nok 1 - 10-one', '\nnot ok 1 - 10-one'), 0],
  ['cut off', REPORT.slice(0, REPORT.indexOf('ok 1 - 10-one')), 0],
])('a script %s has not come to its end', (_, text, index) => {
  expect(readReport(text)[index]?.isComplete).toBe(false);
});
