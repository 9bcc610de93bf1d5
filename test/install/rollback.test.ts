import fc from 'fast-check';
import { parseVersionedDirectoryName } from '../../src/images/image-name.js';
import { pickVersion } from '../../src/images/versioned-directory.js';
import { planRollback } from '../../src/install/rollback.js';

const DIRECTORY = parseVersionedDirectoryName('foo.raw.v', '.sysext')!;

const pick = (files: readonly string[]) =>
  pickVersion(
    files.map((file) => ({ file, type: 'file' })),
    DIRECTORY,
    'x86-64',
  );

const plan = (files: readonly string[], wanted: string | null = null) =>
  planRollback(pick(files), DIRECTORY, wanted);

/** The state of a directory after each of the renamings. */
function* states(files: readonly string[], wanted: string | null): Generator<string[]> {
  const planned = plan(files, wanted);
  let now = [...files];
  if (planned.kind !== 'renamings') return;
  for (const { from, to } of planned.renamings) {
    now = now.map((file) => (file === from ? to : file));
    yield now;
  }
}

const after = (files: readonly string[], wanted: string | null = null) =>
  [...states(files, wanted)].at(-1) ?? [...files];

test('the newer one is marked as having no tries left', () => {
  expect(after(['foo_1.raw', 'foo_2.raw'])).toEqual(['foo_1.raw', 'foo_2+0.raw']);
  expect(after(['foo_1.raw', 'foo_2_x86-64+3-1.raw'])).toEqual(['foo_1.raw', 'foo_2_x86-64+0-1.raw']);
  expect(after(['foo_1.raw', 'foo_2.raw', 'foo_3.raw'], '1')).toEqual([
    'foo_1.raw',
    'foo_2+0.raw',
    'foo_3+0.raw',
  ]);
});

test('forward again, the mark goes', () => {
  const back = after(['foo_1.raw', 'foo_2.raw']);
  expect(after(back, '2')).toEqual(['foo_1.raw', 'foo_2.raw']);
  expect(plan(back, '1')).toEqual({ kind: 'picked', version: '1' });
});

test('again and again, always one further', () => {
  const once = after(['foo_1.raw', 'foo_2.raw', 'foo_3.raw']);
  expect(pick(once).winner?.version).toBe('2');
  expect(pick(after(once)).winner?.version).toBe('1');
});

test('what cannot be', () => {
  expect(plan(['foo_1.raw'])).toEqual({ kind: 'none-older', version: '1' });
  // What has no tries left itself is nothing to go back to, unless it is wanted.
  expect(plan(['foo_1+0.raw', 'foo_2.raw'])).toEqual({ kind: 'none-older', version: '2' });
  expect(after(['foo_1+0.raw', 'foo_2.raw'], '1')).toEqual(['foo_1.raw', 'foo_2+0.raw']);
  expect(plan(['foo_1.raw', 'foo_2.raw'], '3')).toEqual({
    kind: 'no-such-version',
    version: '3',
    versions: ['2', '1'],
  });
});

test('whatever there is: in the end the wanted version is picked, also when it is done in two calls', () => {
  const counter = fc.constantFrom('', '+0', '+3', '+2-1', '+0-4');
  const architecture = fc.constantFrom('', '_x86-64', '_x86');
  const file = fc
    .tuple(fc.constantFrom('1', '1.1', '2~rc1', '2', '10'), architecture, counter)
    .map(([version, suffix, tries]) => `foo_${version}${suffix}${tries}.raw`);
  fc.assert(
    fc.property(fc.uniqueArray(file, { minLength: 1, maxLength: 6 }), fc.nat(5), (files, number) => {
      const versions = [...pick(files).losers.map(({ entry }) => entry.version), pick(files).winner!.version];
      const wanted = versions[number % versions.length]!;
      expect(pick(after(files, wanted)).winner!.version).toBe(wanted);
      // A call that was killed on the way is simply made again.
      for (const state of states(files, wanted))
        expect(pick(after(state, wanted)).winner!.version).toBe(wanted);
    }),
  );
});
