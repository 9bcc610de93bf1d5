import { isTooMuchToLookUp, lookUp } from '../../src/check/merged-view.js';
import { directory, symlink, type Tree } from '../support/tree.js';
import { image } from './cases.js';
import { withChecked } from './checked.js';

const TREE = image({
  'usr/lib/own': '',
  'usr/bin/cover': '',
  'usr/share/link': symlink('/opt/host'),
  'usr/share/up': symlink('../../../../opt/host'),
  'usr/share/etc': symlink('/etc/only'),
  'usr/share/self': symlink('self'),
  'usr/share/run': symlink('/run/foo'),
  'usr/share/dots': symlink('../lib/..'),
  'etc/only': '',
});
const HOST: Tree = {
  'opt/host': '',
  'usr/bin/cover': symlink('/nowhere'),
  bin: symlink('usr/bin'),
  'usr/lib64': symlink('lib'),
  'etc/host': '',
  'etc/dir': directory(),
};

const kindOf = (path: string, host?: Tree) =>
  withChecked(host === undefined ? { tree: TREE } : { tree: TREE, host }, (opened) => {
    const { kind, path: at } = lookUp(opened, path);
    return `${kind} ${at}`;
  });

test.each([
  ['/usr/lib/own', 'image /usr/lib/own'],
  ['/usr/bin/cover', 'image /usr/bin/cover'],
  ['/bin/foo', 'image /usr/bin/foo'],
  ['/usr/lib64/own', 'image /usr/lib/own'],
  ['/usr/share/link', 'host /opt/host'],
  ['/usr/share/up', 'host /opt/host'],
  ['/etc/host', 'host /etc/host'],
  ['/etc/only', 'unmerged /etc/only'],
  ['/usr/share/etc', 'unmerged /etc/only'],
  ['/etc/other', 'missing /etc/other'],
  ['/etc/host/x', 'missing /etc/host/x'],
  ['/usr/share/self', 'loop /usr/share/self'],
  ['/usr/share/run', 'runtime /run'],
  ['/usr/share/dots', 'image /usr'],
  ['/', 'host /'],
  ['/etc/dir/..', 'host /etc'],
])('over a host %s is %s', (path, expected) => {
  expect(kindOf(path, HOST)).toBe(expected);
});

test('without a host nobody knows what it has', () => {
  expect(kindOf('/usr/lib/own')).toBe('image /usr/lib/own');
  expect(kindOf('/usr/lib/other')).toBe('unknown /usr/lib/other');
  expect(kindOf('/etc/only')).toBe('unmerged /etc/only');
  expect(kindOf('/etc/other/x')).toBe('unknown /etc/other/x');
});

test('links that are made to take for ever do not', () => {
  const long = `${'../share/'.repeat(400)}b`;
  const links = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [
      `usr/share/${n}`,
      symlink(n % 40 === 39 ? 'x' : long.replace(/b$/, `${n + 1}`)),
    ]),
  );
  withChecked({ tree: links, host: {} }, (opened) => {
    const begin = process.hrtime.bigint();
    for (let round = 0; round < 50; round += 1)
      for (const { path } of opened.tree.entries) lookUp(opened, path);
    expect(isTooMuchToLookUp(opened)).toBe(true);
    expect(Number(process.hrtime.bigint() - begin) / 1e9).toBeLessThan(60);
  });
});
