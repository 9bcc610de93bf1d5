import { decideUpdate } from '../../src/update/decide.js';
import { onePerVersion, pickInstances } from '../../src/update/instances.js';
import { readTransfer } from '../../src/update/read-transfer.js';
import { readSourceName, readTargetName } from '../../src/update/target-names.js';
import type { Transfer } from '../../src/update/transfer.js';

function transferOf(name: string, more = ''): Transfer {
  const text = `[Source]
Type=regular-file
Path=/src
MatchPattern=${name}_@v.raw
[Target]
Type=regular-file
Path=/dst
MatchPattern=${name}_@v.raw
${more}`;
  const { result } = readTransfer(name, name, [{ file: name, text }], {});
  if ('kind' in result) throw new Error(result.kind);
  return result;
}

function stock(available: string, installed: string, more = '', name = 'f', current: string | null = null) {
  const transfer = transferOf(name, more);
  const files = (versions: string) =>
    versions
      .split(' ')
      .filter(Boolean)
      .map((version) => ({ path: `${name}_${version}.raw`, sha256: null }));
  return {
    transfer,
    available: onePerVersion(pickInstances(files(available), (path) => readSourceName(transfer, path))),
    installed: {
      instances: pickInstances(files(installed), (path) => readTargetName(transfer.target, path)),
      temporary: ['.#x'],
      current,
    },
  };
}

const outline = (...stocks: ReturnType<typeof stock>[]) => {
  const decision = decideUpdate(stocks);
  return decision.kind === 'update'
    ? {
        version: decision.version,
        from: decision.installed,
        put: decision.deliveries.map(({ source, path }) => (source === null ? null : path)),
        remove: decision.deliveries.map(({ remove }) => remove.map(({ fields }) => fields.version)),
      }
    : { ...decision };
};

test('the newest, by the order of versions', () => {
  expect(outline(stock('1 2 10', ''))).toEqual({
    version: '10',
    from: null,
    put: ['f_10.raw'],
    remove: [[]],
  });
});

test.each([
  ['', '', null, null],
  ['1', '1', '1', '1'],
  ['1 2', '3', '3', '2'],
  ['01', '1', '1', '01'],
  ['', '1', '1', null],
])('nothing newer: to be had %j, installed %j', (available, installed, found, newest) => {
  expect(outline(stock(available, installed))).toEqual({ kind: 'up-to-date', installed: found, newest });
});

test('as many versions stay as may', () => {
  expect(outline(stock('10', '1 2 3'))).toMatchObject({ remove: [['1']] });
  expect(outline(stock('10', '1 2 3', 'InstancesMax=2'))).toMatchObject({ remove: [['1', '2']] });
  expect(outline(stock('10', '1 2 3', 'InstancesMax=9'))).toMatchObject({ remove: [[]] });
});

test('protected ones stay, others go in their place', () => {
  const protect = 'InstancesMax=2\n[Transfer]\nProtectVersion=1\nProtectVersion=02';
  expect(outline(stock('10', '1 2 3 4', protect))).toMatchObject({ remove: [['3', '4']] });
});

const VERSIONED = 'Path=/dst/f.raw.v\n';

test('what was rolled back is the version that it was, and is not fetched again', () => {
  for (const [available, installed] of [
    ['1 2', '1 2+0'],
    ['2', '1 2+0-3'],
    ['2+0', '2'],
  ] as const)
    expect(outline(stock(available, installed, VERSIONED))).toMatchObject({
      kind: 'up-to-date',
      installed: '2',
    });
  // Elsewhere there are no counters.
  expect(outline(stock('', '1.0+0'))).toMatchObject({ installed: '1.0+0' });
  expect(outline(stock('3', '1 2+0', VERSIONED), stock('2 3', '2', '', 'g'))).toMatchObject({ from: '2' });
});

test('what was rolled back goes first, unless it is protected', () => {
  const two = `${VERSIONED}InstancesMax=2`;
  expect(outline(stock('4', '1 2+0 3+0', two))).toMatchObject({ remove: [['2', '3']] });
  expect(outline(stock('4', '1 2+0', two))).toMatchObject({ remove: [['2']] });
  expect(outline(stock('4', '1 2+0', `${two}\n[Transfer]\nProtectVersion=2`))).toMatchObject({
    remove: [['1']],
  });
  expect(outline(stock('4', '1 2 3', '', 'f', '2'))).toMatchObject({ remove: [['3']] });
  expect(outline(stock('4', '1 2 3', '', 'f', '3'))).toMatchObject({ remove: [['1']] });
});

test('a version that is there twice counts twice', () => {
  expect(outline(stock('4', '2 2+0 3', VERSIONED))).toMatchObject({ from: '3', remove: [['2']] });
});

test('what is older than the least version does not count', () => {
  expect(outline(stock('1', '', '[Transfer]\nMinVersion=2'))).toMatchObject({
    kind: 'up-to-date',
    newest: null,
  });
  expect(outline(stock('1 2', '', '[Transfer]\nMinVersion=2'))).toMatchObject({ version: '2' });
});

test('resources of a component go together', () => {
  const both = [stock('1 2 3', '1'), stock('1 2', '1', '', 'g')] as const;
  expect(outline(...both)).toEqual({
    version: '2',
    from: '1',
    put: ['f_2.raw', 'g_2.raw'],
    remove: [[], []],
  });
});

test('an update that broke off between two resources is completed', () => {
  expect(outline(stock('2', '1 2'), stock('2', '1', '', 'g'))).toEqual({
    version: '2',
    from: '1',
    put: [null, 'g_2.raw'],
    remove: [[], []],
  });
});

test('the name of a new file: a setting that is missing', () => {
  expect(outline(stock('2', '', 'MatchPattern=\nMatchPattern=f_@v+@l.raw'))).toMatchObject({
    kind: 'no-name',
    wildcard: '@l',
  });
  expect(outline(stock('2', '', 'MatchPattern=\nMatchPattern=f_@v+@l.raw\nTriesLeft=3'))).toMatchObject({
    put: ['f_2+3.raw'],
  });
});
