import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnoseOverlay } from '../../src/mount/diagnose.js';
import { inNamespace } from '../support/namespace.js';
import { buildTree, directory } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'diagnose-')));
  buildTree(base, { host: directory(), a: directory(), b: directory() });
});
afterEach(() => rmSync(base, { recursive: true }));

function diagnose(host: string, extensions: Readonly<Record<string, string>>) {
  return diagnoseOverlay({
    extensions: Object.entries(extensions).map(([extension, path]) => ({ extension, path })),
    host,
    hierarchy: '/usr',
  });
}

const hasOverlay = /\boverlay$/m.test(readFileSync('/proc/filesystems', 'utf8'));
const withOverlay = hasOverlay && process.geteuid?.() === 0 ? test : test.skip;

test('a layer that vanished', () => {
  const missing = join(base, 'missing');
  expect(diagnose(join(base, 'host'), { a: join(base, 'a'), b: missing })).toEqual({
    kind: 'layer-vanished',
    extension: 'b',
    path: missing,
  });
});

withOverlay('layers on overlays (skipped for ordinary users and kernels without overlayfs)', async () => {
  await inNamespace(async (namespace) => {
    await namespace.must(['mkdir', '/run/l', '/run/m', '/run/o']);
    const options = 'lowerdir=/run/l:/run/m';
    await namespace.must(['mount', '-t', 'overlay', '-o', options, 'overlay', '/run/o']);
    const nested = namespace.path('/run/o');
    expect(diagnose(nested, { a: join(base, 'a') })).toEqual({ kind: 'nested', paths: [nested] });
    const inside = join(nested, 'ext/a/usr');
    await namespace.must(['mkdir', '-p', '/run/l/ext/a/usr']);
    await namespace.must(['mount', '-t', 'overlay', '-o', options, 'overlay', '/run/o']);
    expect(diagnose(namespace.path('/run/l'), { a: inside, b: inside.replace('/a/', '/b/') })).toMatchObject({
      kind: 'layer-vanished',
    });
    expect(diagnose(namespace.path('/run/l'), { a: inside })).toEqual({
      kind: 'nested',
      paths: [join(nested, 'ext')],
    });
    expect(diagnose(namespace.path('/run/l'), { a: namespace.path('/run/m') })).toEqual({ kind: 'unknown' });
  });
});
