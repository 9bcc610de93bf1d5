import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingParents } from '../../src/host/missing-parents.js';
import { buildTree, directory } from '../support/tree.js';

test('the directories above a path that are not there, outermost first', () => {
  const base = mkdtempSync(join(tmpdir(), 'missing-'));
  try {
    buildTree(base, { a: directory() });
    expect(missingParents(join(base, 'a'))).toEqual([]);
    expect(missingParents(join(base, 'b'))).toEqual([]);
    expect(missingParents(join(base, 'a/b/c/d'))).toEqual([join(base, 'a/b'), join(base, 'a/b/c')]);
    expect(missingParents('/')).toEqual([]);
  } finally {
    rmSync(base, { recursive: true });
  }
});
