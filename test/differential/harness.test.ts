import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inNamespace, parseMountinfo } from '../support/namespace.js';
import { observeTree } from '../support/observe-tree.js';
import {
  buildTree,
  changeTree,
  directory,
  FIXED_TIME,
  fifo,
  file,
  symlink,
  whiteout,
} from '../support/tree.js';
import { compareRuns } from './compare.js';
import { type Observation, observeMounts, replaceNow } from './observation.js';
import type { Step } from './run.js';
import type { Call } from './scenario.js';

/** What the tests of this suite stand on, checked without any program to compare. */
let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sysext-harness-'));
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

test('a tree is built and observed as it was written down', () => {
  buildTree(base, {
    'a/b/file': 'text',
    'a/mode': file('x', { mode: 0o4711 }),
    'a/private': directory({ mode: 0o700 }),
    'a/link': symlink('/nowhere'),
    'a/fifo': fifo(),
    'a/gone': whiteout(),
    'a/large': file(Buffer.alloc(1000)),
    'a/.systemd-sysext/dev': '0:0\n',
    'a/.systemd-sysext/origin': '[]',
  });
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  const { tree, metadata } = observeTree(base);
  expect(tree.replaceAll(` ${owner} `, ' ').split('\n')).toEqual([
    'd 0755 "a"',
    'd 0755 "a/b"',
    '- 0644 "a/b/file" "text"',
    'p 0644 "a/fifo"',
    'c 0644 "a/gone" 0:0',
    '- 0644 "a/large" 1000 bytes, sha256 541b3e9daa09b20b',
    'l 0777 "a/link" -> "/nowhere"',
    '- 4711 "a/mode" "x"',
    'd 0700 "a/private"',
  ]);
  expect(metadata.replaceAll(` ${owner} `, ' ').split('\n')).toEqual([
    'd 0755 a/.systemd-sysext',
    '- 0644 a/.systemd-sysext/dev is not the device of the mount',
    '- 0644 a/.systemd-sysext/origin is no JSON object: []',
  ]);
});

test('times of a tree are fixed, those of directories too, also after a change', () => {
  buildTree(base, { 'a/b': 'x', 'a/c/d': 'x', 'a/e': file('x', { mtime: 12 }) });
  changeTree(base, { remove: ['a/b', 'a/nothing'], add: { 'a/f': 'x' } });
  const times = ['a', 'a/c', 'a/c/d', 'a/e', 'a/f'].map((path) => statSync(join(base, path)).mtimeMs / 1000);
  expect(times).toEqual([FIXED_TIME, FIXED_TIME, FIXED_TIME, 12, FIXED_TIME]);
});

test('what happens in a namespace stays in it, and is seen from outside', async () => {
  const seen = await inNamespace(async (namespace) => {
    await namespace.must(['mount', '-t', 'tmpfs', '-o', 'nodev', 'a name', base]);
    await namespace.must(['sh', '-c', 'cat > "$0"', join(base, 'file')], { input: 'from inside' });
    const failed = await namespace.run(['sh', '-c', 'echo out; echo err >&2; exit 7'], {
      env: { PATH: '/usr/bin:/bin' },
    });
    const killed = await namespace.run(['sleep', '60'], { timeout: 50 });
    return {
      failed,
      killed: killed.status,
      inside: readFileSync(join(namespace.path(base), 'file'), 'utf8'),
      mount: namespace.mounts().find(({ mountPoint }) => mountPoint === base)?.source,
    };
  });
  expect(seen).toEqual({
    failed: { status: 7, stdout: 'out\n', stderr: 'err\n' },
    killed: 137,
    inside: 'from inside',
    mount: 'a name',
  });
  expect(() => readFileSync(join(base, 'file'))).toThrow('ENOENT');
});

test('mounts of a root and of the workspace are observed, others are not', () => {
  const table = parseMountinfo(
    [
      '30 1 0:1 / / rw,relatime - ext4 /dev/vda rw',
      '31 30 0:2 / /r rw - tmpfs tmpfs rw',
      '32 31 0:3 / /r/a\\040b ro,nodev shared:4 master:1 - overlay sysext ro,lowerdir=/x',
      '33 30 0:4 / /run/systemd/sysext rw - tmpfs tmpfs rw',
      '34 30 0:5 / /rest rw - tmpfs tmpfs rw',
    ].join('\n'),
  );
  expect(observeMounts(table, '/r')).toBe(
    '/a b overlay sysext ro,nodev ro\n/run/systemd/sysext tmpfs tmpfs rw rw',
  );
});

test('of a bind on the disk that the root is on, the place is told as seen from the root', () => {
  const table = parseMountinfo(
    [
      '30 0 8:1 / / rw - ext4 /dev/sda1 rw',
      '31 30 8:1 /tmp/disk-1 /r rw - ext4 /dev/sda1 rw',
      '32 31 8:1 /tmp/disk-1/srv/data /r/usr/place rw - ext4 /dev/sda1 rw',
      '33 31 8:1 /tmp/elsewhere /r/usr/other rw - ext4 /dev/sda1 rw',
      '34 31 0:9 /tmp/disk-1/x /r/usr/third rw - tmpfs t rw',
    ].join('\n'),
  );
  expect(observeMounts(table, '/r').split('\n')).toEqual([
    '/usr/place ext4 /dev/sda1[/srv/data] rw rw',
    '/usr/other ext4 /dev/sda1[/tmp/elsewhere] rw rw',
    '/usr/third tmpfs t[/tmp/disk-1/x] rw rw',
  ]);
});

test('only times of now are replaced', () => {
  const from = Date.parse('2026-03-04T05:06:07Z');
  const table = 'Wed 2026-03-04 05:06:08 UTC Wed 2026-03-04 04:06:08 UTC';
  expect(replaceNow(table, from, from + 2000)).toBe(
    '<now>...................... Wed 2026-03-04 04:06:08 UTC',
  );
  const json = `{"since":${from}500,"time" : ${from - 90_000}500}`;
  expect(replaceNow(json, from, from + 2000)).toBe(`{"since":<now>,"time" : ${from - 90_000}500}`);
});

describe('a comparison', () => {
  const seen: Observation = { status: '0', stdout: '', mounts: '', metadata: '', tree: '' };
  const step = (by: string, change: Partial<Observation>, more: Partial<Call> = {}): Step => ({
    call: { args: 'status', ...more },
    by,
    seen: { ...seen, ...change },
    stderr: '',
  });

  test('of equal runs', () => {
    const compared = compareRuns([step('ours', {})], [step('it', {})], 262);
    expect(compared).toEqual({ subject: compared.original, original: compared.original, stale: [] });
  });

  test('takes no more out than the intended part', () => {
    const differs = { differs: ['since-below-root' as const] };
    const ours = { stdout: '/usr a Wed 2026-03-04 05:06:08 UTC' };
    const same = compareRuns(
      [step('ours', ours)],
      [step('it', { stdout: '/usr a <now>......................' }, differs)],
      262,
    );
    expect(same.subject).toBe(same.original);
    expect(same.stale).toEqual([]);
    const other = compareRuns(
      [step('ours', ours)],
      [step('it', { stdout: '/usr b <now>......................' }, differs)],
      262,
    );
    expect(other.subject).not.toBe(other.original);
  });

  test('knows for which versions a difference is intended', () => {
    const differs = { differs: ['since-below-root' as const] };
    expect(compareRuns([step('ours', {})], [step('it', {}, differs)], 262).stale).toEqual([
      'status: since-below-root',
    ]);
    expect(compareRuns([step('ours', {})], [step('it', {}, differs)], 252).stale).toEqual([]);
  });
});
