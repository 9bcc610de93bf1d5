import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  isWorkspaceOpen,
  type JournalEntry,
  makeDirectory,
  readJournal,
  workspaceAt,
  writeJournal,
} from '../../src/mount/workspace.js';
import { anyText } from '../support/text.js';
import { buildTree, directory } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
});
afterEach(() => rmSync(base, { recursive: true }));

test('where things are', () => {
  const workspace = workspaceAt('/w', 3);
  expect(workspace.extension('foo')).toBe('/w/extensions/foo');
  expect(workspace.metadata('/usr')).toBe('/w/meta/usr');
  expect(workspace.overlay('/usr/local')).toBe('/w/overlay/usr.local');
  expect(workspace.links('/usr')).toBe('/w/lower/usr');
  expect(workspace.old('//usr')).toBe('/w/old/usr');
  expect(workspace.old('/usr').startsWith(`${workspace.keptMerges}/`)).toBe(true);
  expect(workspace.ephemeral('/usr/local')).toBe('/w/ephemeral/usr.local');
  expect([workspace.directory, workspace.lock, workspace.imageTable]).toEqual(['/w', 3, '/w/images.fstab']);
});

test('a plain directory is no open workspace', () => {
  buildTree(base, { d: directory() });
  expect(isWorkspaceOpen(join(base, 'd'))).toBe(false);
  expect(isWorkspaceOpen(join(base, 'missing'))).toBe(false);
});

test('directories are made with their parents, and may be there', () => {
  for (let count = 0; count < 2; count++) makeDirectory(join(base, 'a/b'));
  expect(statSync(join(base, 'a/b')).mode & 0o777 & ~process.umask()).toBe(0o755 & ~process.umask());
});

describe('the journal', () => {
  const journal = () => join(base, 'journal');
  const write = (entry: JournalEntry) => writeJournal(workspaceAt(base, 3), entry);
  const read = () => readJournal(workspaceAt(base, 3));
  const STEP: JournalEntry = { kind: 'make-directory', path: '/x' };
  const DONE: JournalEntry = {
    kind: 'done',
    cleanup: [
      { kind: 'remove-work-directory', path: '/var/lib/extensions.mutable/.systemd-usr-workdir' },
      { kind: 'unmount-covered', path: '/usr/a\nb' },
    ],
  };

  test('is empty before the first step', () => {
    expect(read()).toEqual([]);
    writeFileSync(journal(), '');
    expect(read()).toEqual([]);
  });

  test('has a line for each step, in order, and is private', () => {
    write(STEP);
    write({ kind: 'detach', hierarchy: '/usr', path: '/usr', keep: '/w/old/usr' });
    write(DONE);
    expect(read()).toEqual([
      STEP,
      { kind: 'detach', hierarchy: '/usr', path: '/usr', keep: '/w/old/usr' },
      DONE,
    ]);
    expect(readFileSync(journal(), 'utf8').split('\n')).toHaveLength(4);
    expect(statSync(journal()).mode & 0o777).toBe(0o600);
  });

  test.each(['{', '{"kind":"detach","hier', '{"kind":"done","cleanup":[]}', '\0\0\0', '"ü'.slice(0, 1)])(
    'a last line that was torn is a step that was not begun: %j',
    (torn) => {
      write(STEP);
      appendFileSync(journal(), torn);
      expect(read()).toEqual([STEP]);
    },
  );

  test('torn anywhere it has the steps whose lines are whole', () => {
    const path = anyText({ maxLength: 10 });
    fc.assert(
      fc.property(fc.array(path, { maxLength: 5 }), fc.nat(400), (paths, length) => {
        rmSync(journal(), { force: true });
        const steps = paths.map((text): JournalEntry => ({ kind: 'make-directory', path: text }));
        steps.forEach(write);
        expect(read()).toEqual(steps);
        if (steps.length === 0) return;
        const bytes = readFileSync(journal()).subarray(0, length);
        writeFileSync(journal(), bytes);
        expect(read()).toEqual(steps.slice(0, bytes.toString('latin1').split('\n').length - 1));
      }),
      { numRuns: 10 },
    );
  });
});
