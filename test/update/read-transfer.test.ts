import { readTransfer } from '../../src/update/read-transfer.js';
import type { Transfer } from '../../src/update/transfer.js';

const VALUES = { a: () => 'x86-64', A: () => '7', w: () => '' };
const BASE = `[Source]
Type=regular-file
Path=/src
MatchPattern=f_@v.raw
[Target]
Type=regular-file
Path=/dst
MatchPattern=f_@v.raw
`;
const read = (...texts: string[]) =>
  readTransfer(
    'f',
    '/etc/sysupdate.d/f.transfer',
    texts.map((text, index) => ({ file: `${index}`, text })),
    VALUES,
  );
const transfer = (...texts: string[]): Transfer => {
  const { result } = read(...texts);
  if ('kind' in result) throw new Error(result.kind);
  return result;
};
const target = (...texts: string[]) => transfer(BASE, ...texts).target;

test('what is not said', () => {
  expect(transfer(BASE)).toMatchObject({
    name: 'f',
    minVersion: null,
    protectedVersions: [],
    verify: true,
    source: { type: 'regular-file', path: '/src' },
    target: {
      path: '/dst',
      mode: null,
      readOnly: null,
      triesDone: null,
      triesLeft: null,
      instancesMax: 3,
      removeTemporary: true,
      currentSymlink: null,
    },
  });
});

test('all that can be said', () => {
  const all = transfer(
    BASE,
    '[Transfer]\nMinVersion=2\nProtectVersion=%A\nProtectVersion=5\nVerify=no\nChangeLog=https://x\n',
    '[Source]\nType=url-file\nPath=https://x/%a/\nMatchPattern=\nMatchPattern=g_@v.raw g_@v.raw.xz\nMatchPattern=h_@v.raw\n',
    '[Target]\nMode=0600\nReadOnly=yes\nTriesDone=0\nTriesLeft=3\nInstancesMax=5\nRemoveTemporary=no\nCurrentSymlink=../%a.raw\n',
  );
  expect(all).toMatchObject({
    minVersion: '2',
    protectedVersions: ['7', '5'],
    verify: false,
    source: { type: 'url-file', path: 'https://x/x86-64/' },
    target: {
      mode: 0o600,
      readOnly: true,
      triesDone: 0,
      triesLeft: 3,
      instancesMax: 5,
      removeTemporary: false,
      currentSymlink: '../x86-64.raw',
    },
  });
  expect(all.source.patterns.map(({ text }) => text)).toEqual(['g_@v.raw', 'g_@v.raw.xz', 'h_@v.raw']);
});

test.each([
  ['[Transfer]\nBogus=1', 'unknown-key', 'Bogus=1'],
  ['[Transfer]\nMinVersion=a b', 'bad-value', 'MinVersion=a b'],
  ['[Transfer]\nMinVersion=%w', 'bad-value', 'MinVersion=%w'],
  ['[Transfer]\nMinVersion=%q', 'unknown-specifier', 'MinVersion=%q'],
  ['[Transfer]\nVerify=maybe', 'bad-value', 'Verify=maybe'],
  ['[Target]\nMode=9', 'bad-value', 'Mode=9'],
  ['[Target]\nInstancesMax=many', 'bad-value', 'InstancesMax=many'],
  ['[Target]\nInstancesMax=1', 'too-few-instances', 'InstancesMax=1'],
  ['[Target]\nTriesLeft=-1', 'bad-value', 'TriesLeft=-1'],
  ['[Target]\nCurrentSymlink=..', 'bad-value', 'CurrentSymlink=..'],
  ['[Target]\nMatchPattern=f.raw', 'pattern-no-version', 'MatchPattern=f.raw'],
  ['[Target]\nMatchPattern=**/f_@v', 'pattern-anywhere', 'MatchPattern=**/f_@v'],
  ['[Transfer]\nMatchPattern=f_@v', 'unknown-key', 'MatchPattern=f_@v'],
  ['[Foo]\nx=y', 'unknown-section', '[Foo]'],
])('%j is reported, and the rest counts', (text, kind, line) => {
  const { result, problems } = read(BASE, text);
  expect(problems).toEqual([expect.objectContaining({ kind, text: line, file: '1' })]);
  expect(result).toMatchObject({ target: { path: '/dst' } });
});

test('without a pattern of its own the target has those of the source', () => {
  const text = BASE.replaceAll('f_@v.raw', 'f-@v-%a.raw g_@v.raw');
  const { source, target } = transfer(text, '[Target]\nMatchPattern=\n');
  expect(target.patterns).toEqual(source.patterns);
  expect(target.patterns.map(({ text }) => text)).toEqual(['f-@v-x86-64.raw', 'g_@v.raw']);
});

test('fewer than two versions cannot be kept', () => {
  expect(target('[Target]\nInstancesMax=0').instancesMax).toBe(2);
});

test.each([
  ['Type=regular-file\nPath=/src\n', 'Source', 'MatchPattern'],
  ['Path=/src\nMatchPattern=f_@v\n', 'Source', 'Type'],
  ['Type=regular-file\nMatchPattern=f_@v\n', 'Source', 'Path'],
  ['Type=regular-file\nPath=src\nMatchPattern=f_@v\n', 'Source', 'Path'],
  ['Type=url-file\nPath=/src\nMatchPattern=f_@v\n', 'Source', 'Path'],
  ['Type=url-file\nPath=file:///src\nMatchPattern=f_@v\n', 'Source', 'Path'],
])('a source that is not complete: %j', (source, section, key) => {
  const { result } = read(`[Source]\n${source}${BASE.slice(BASE.indexOf('[Target]'))}`);
  expect(result).toEqual({ kind: 'missing-setting', file: '/etc/sysupdate.d/f.transfer', section, key });
});

test.each(['url-tar', 'tar', 'directory', 'subvolume'])(
  'a source of type %s is for another program',
  (type) => {
    expect(read(BASE, `[Source]\nType=${type}\n`).result).toMatchObject({ kind: 'other-type', type });
  },
);

test('so is a partition, and a path on the boot partition', () => {
  expect(read(BASE, '[Target]\nType=partition\n').result).toMatchObject({
    kind: 'other-type',
    type: 'partition',
  });
  expect(read(BASE, '[Target]\nPathRelativeTo=boot\n').result).toMatchObject({
    kind: 'other-type',
    type: 'PathRelativeTo=boot',
  });
});

test('features', () => {
  const text = '[Transfer]\nFeatures=a b\nFeatures=c\nRequisiteFeatures=d\nRequisiteFeatures=\n';
  expect(read(BASE, text).membership).toEqual({ features: ['a', 'b', 'c'], requisites: [] });
});
