import { SYSEXT } from '../../../src/extension-class.js';
import type { InstalledName, InstalledVersion } from '../../../src/install/installed.js';
import { versionsReport } from '../../../src/report/install/versions.js';
import { readVersions } from '../../support/schema.js';

const VERSION: InstalledVersion = {
  version: '1',
  architecture: null,
  path: '/a/foo_1.raw',
  state: 'picked',
  rule: null,
  isMerged: true,
  triesLeft: null,
  triesDone: null,
};

const NAMES: readonly InstalledName[] = [
  {
    name: 'foo',
    off: null,
    versions: [
      VERSION,
      {
        ...VERSION,
        version: '2',
        state: 'not-picked',
        rule: 'tries-left',
        isMerged: false,
        triesLeft: 0,
        triesDone: 3,
      },
      { ...VERSION, version: null, state: 'hidden', isMerged: null },
    ],
  },
  { name: 'gone', off: { how: 'by-hand', entry: '/etc/extensions/gone' }, versions: [] },
  {
    name: 'off',
    off: { how: 'disabled', entry: '/etc/extensions/off' },
    versions: [{ ...VERSION, state: 'off', isMerged: false, triesLeft: 2, triesDone: 0 }],
  },
];

test('the table', async () => {
  expect(await versionsReport(NAMES, SYSEXT, { json: 'off', legend: true })).toBe(
    [
      'NAME VERSION STATE      MERGED TRIES          PATH',
      'foo  1       picked     yes    -              /a/foo_1.raw',
      'foo  2       not-picked no     0 left, 3 done /a/foo_1.raw',
      'foo  -       hidden     ?      -              /a/foo_1.raw',
      'gone -       masked     no     -              /etc/extensions/gone',
      'off  1       disabled   no     2 left         /a/foo_1.raw',
      '',
    ].join('\n'),
  );
  expect(await versionsReport([], SYSEXT, { json: 'off', legend: false })).toBe('');
});

test('JSON, by the schema', async () => {
  const { extensions } = readVersions(await versionsReport(NAMES, SYSEXT, { json: 'pretty', legend: true }));
  expect(extensions.map(({ name, off }) => [name, off])).toEqual([
    ['foo', null],
    ['gone', 'by-hand'],
    ['off', 'disabled'],
  ]);
  expect(extensions[0]!.versions[1]).toMatchObject({ rule: 'tries-left', triesLeft: 0, merged: false });
});
