import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectContainer } from '../../src/host/container.js';
import { buildTree, type Tree } from '../support/tree.js';

test.each<[Tree, string | null]>([
  [{}, null],
  [{ '.dockerenv': '' }, 'docker'],
  [{ 'run/.containerenv': '', '.dockerenv': '' }, 'podman'],
  [{ 'run/systemd/container': 'systemd-nspawn\n', '.dockerenv': '' }, 'systemd-nspawn'],
  [{ 'run/systemd/container': '\x1b[2J\n' }, null],
  [{ 'run/systemd/container': '' }, null],
])('%j: %s', (tree, engine) => {
  const root = mkdtempSync(join(tmpdir(), 'container-'));
  try {
    buildTree(root, tree);
    expect(detectContainer(root)).toBe(engine);
  } finally {
    rmSync(root, { recursive: true });
  }
});
