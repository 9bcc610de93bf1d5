import { checkImage } from '../../src/check/checkers.js';
import { CODES } from '../../src/check/codes.js';
import { tell } from '../../src/report/check/sentences.js';
import { file } from '../support/tree.js';
import { CASES, image, type OwnCode } from './cases.js';
import { type CheckCase, withChecked } from './checked.js';

const find = (one: CheckCase) => withChecked(one, (opened) => checkImage(opened).findings);

test('an image without flaws has no finding, with a host and without', () => {
  expect(find({ tree: image() })).toEqual([]);
  expect(find({ tree: image(), host: { 'bin/sh': file('', { mode: 0o755 }) } })).toEqual([]);
});

test('a list of modules for a kernel that the host has not', () => {
  const tree = image({ 'usr/lib/modules/6.12/modules.dep': '' });
  const host = { 'bin/sh': file('', { mode: 0o755 }), 'usr/lib/modules/6.1/modules.dep': '' };
  expect(find({ tree, host })).toEqual([]);
});

test('one image may be an extension of both classes', () => {
  const both = image({ 'etc/extension-release.d/extension-release.foo': 'ID=_any\n', 'etc/foo.conf': '' });
  expect(find({ tree: both })).toEqual([]);
  expect(find({ class: 'confext', tree: both })).toEqual([]);
});

describe.each(Object.keys(CASES) as OwnCode[])('%s', (code) => {
  test.each(CASES[code].map((one, index) => [index, one] as const))('case %d', (_, one) => {
    const findings = find(one);
    const mine = findings.filter((finding) => finding.code === code);
    expect(mine[0]).toMatchObject({ code, path: one.at });
    const told = mine.map(tell);
    for (const { message, remedy } of told) {
      expect(message).not.toMatch(/undefined|''|\s$|\.$/);
      expect(remedy).not.toMatch(/undefined|\.$/);
    }
  });

  test('it is as bad as its code says, at least once', () => {
    const severities = CASES[code].flatMap((one) =>
      find(one).flatMap((finding) => (finding.code === code ? [finding.severity] : [])),
    );
    expect(severities).toContain(code === 'closed-directory' ? 'error' : CODES[code]);
  });
});

test('what is very often the same is listed so often and counted', () => {
  const files = Object.fromEntries(
    Array.from({ length: 5 }, (_, n) => [
      `usr/lib/${n}`,
      { kind: 'file', content: '', mode: 0o666 } as const,
    ]),
  );
  const { findings, more } = withChecked({ tree: image(files) }, (opened) => checkImage(opened, 2));
  expect(findings.map(({ code }) => code)).toEqual(['writable-by-all', 'writable-by-all']);
  expect(more).toEqual([{ code: 'writable-by-all', severity: 'error', count: 3 }]);
});
