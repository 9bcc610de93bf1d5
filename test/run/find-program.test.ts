import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../src/run/find-program.js';
import { buildTree, file, symlink } from '../support/tree.js';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'programs-')));
  buildTree(root, {
    'usr/bin/tool': file('', { mode: 0o755 }),
    'usr/bin/data': 'x',
    'opt/data': file('', { mode: 0o755 }),
    bin: symlink('/usr/bin'),
    'usr/bin/outside': symlink('/bin/sh'),
    'usr/bin/loop': symlink('loop'),
  });
});
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ['tool', '/usr/bin', { kind: 'found' }],
  ['tool', '/nowhere:/bin', { kind: 'found' }],
  ['tool', undefined, { kind: 'found' }],
  ['tool', '/opt', { kind: 'not-found' }],
  ['/usr/bin/tool', '', { kind: 'found' }],
  ['./tool', '', { kind: 'found' }],
  ['../bin/tool', '', { kind: 'found' }],
  ['data', '/usr/bin', { kind: 'not-executable', path: '/usr/bin/data' }],
  ['data', '/usr/bin:/opt', { kind: 'found' }],
  ['/usr/bin', '', { kind: 'not-executable', path: '/usr/bin' }],
  ['outside', '/usr/bin', { kind: 'not-found' }],
  ['loop', '/usr/bin', { kind: 'not-executable', path: '/usr/bin/loop' }],
  ['', '/usr/bin', { kind: 'not-found' }],
])('%j with PATH=%s', (word, path, found) => {
  expect(findProgram(root, '/usr/bin', word, path)).toEqual(found);
});
