import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInUse, readMountNamespaces } from '../../src/host/mount-namespaces.js';
import { inNamespace } from '../support/namespace.js';

test('what is mounted in another namespace is in use, by its whole path, and so are work directories', async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'namespaces-')));
  try {
    const [at, spaced, below] = [join(base, 'at'), join(base, 'a b\\c'), join(base, 'at-more')];
    const [lower, upper, work] = [join(base, 'lower'), join(base, 'upper'), join(base, 'work')];
    for (const path of [at, spaced, below, lower, upper, work]) mkdirSync(path);
    await inNamespace(async (namespace) => {
      await namespace.must(['mount', '-t', 'tmpfs', 'x', spaced]);
      const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
      await namespace.must(['mount', '-t', 'overlay', '-o', options, 'x', at]);
      const namespaces = readMountNamespaces();
      expect(namespaces.isComplete).toBe(true);
      const inUse = [at, spaced, below, lower, upper, work].filter((path) => isInUse(namespaces, path));
      expect(inUse).toEqual([at, spaced, work]);
    });
    expect(isInUse(readMountNamespaces(), at)).toBe(false);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});
