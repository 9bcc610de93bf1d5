import fc from 'fast-check';
import { compareLocks } from '../../src/lock-file/difference.js';
import { formatLock, type Lock, parseLock } from '../../src/lock-file/lock.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import { checkLock } from '../support/lock-schemas.js';

const HEX = 'ab'.repeat(32);

const LOCK: Lock = {
  class: 'sysext',
  host: { id: 'debian', versionId: '13', level: null, architecture: 'x86-64' },
  mutable: 'no',
  hierarchies: ['/opt', '/usr'],
  extensions: [
    {
      name: 'bar',
      version: null,
      path: '/var/lib/extensions/bar',
      digest: `tree-1:${HEX}`,
      protection: null,
    },
    {
      name: 'foo',
      version: '2',
      path: '/var/lib/extensions/foo.raw.v/foo_2.raw',
      digest: `verity:${HEX}`,
      protection: 'signed',
    },
  ],
};

const TEXT = `{
	"schema": "lock-1",
	"class": "sysext",
	"host": {
		"id": "debian",
		"versionId": "13",
		"level": null,
		"architecture": "x86-64"
	},
	"mutable": "no",
	"hierarchies": [
		"/opt",
		"/usr"
	],
	"extensions": [
		{
			"name": "bar",
			"version": null,
			"path": "/var/lib/extensions/bar",
			"digest": "tree-1:${HEX}",
			"protection": null
		},
		{
			"name": "foo",
			"version": "2",
			"path": "/var/lib/extensions/foo.raw.v/foo_2.raw",
			"digest": "verity:${HEX}",
			"protection": "signed"
		}
	]
}
`;

test('the file, byte for byte, whatever the order of keys and hierarchies', () => {
  expect(formatLock(LOCK)).toBe(TEXT);
  const { class: name, ...rest } = LOCK;
  expect(formatLock({ ...rest, class: name, hierarchies: ['/usr', '/opt'] })).toBe(TEXT);
  expect(parseLock(TEXT)).toEqual(LOCK);
  checkLock(TEXT);
});

test('more keys than are known do no harm', () => {
  const more = { ...(JSON.parse(TEXT) as object), later: [1] };
  expect(parseLock(JSON.stringify(more))).toEqual(LOCK);
});

const text = fc.string({ minLength: 1 });
const digest = fc.constantFrom(`sha256:${HEX}`, `tree-1:${HEX}`, 'verity:00ff');
const locks: fc.Arbitrary<Lock> = fc.record({
  class: fc.constantFrom('sysext', 'confext'),
  host: fc.record({
    id: fc.option(text),
    versionId: fc.option(fc.string()),
    level: fc.option(text),
    architecture: text,
  }),
  mutable: fc.constantFrom(...MUTABLE_MODES),
  hierarchies: fc.array(text).map((list) => list.sort()),
  extensions: fc.uniqueArray(
    fc.record({
      name: text,
      version: fc.option(text),
      path: text,
      digest: digest as fc.Arbitrary<Lock['extensions'][number]['digest']>,
      protection: fc.constantFrom(null, 'unprotected', 'verity', 'signed', 'encrypted'),
    }),
    { selector: ({ name }) => name },
  ),
});

test('what was written is read again, by the schema, and does not differ from itself', () => {
  fc.assert(
    fc.property(locks, (lock) => {
      const written = formatLock(lock);
      checkLock(written);
      const read = parseLock(written);
      expect(read).toEqual(lock);
      expect(compareLocks(lock, read as Lock, new Set())).toEqual([]);
    }),
  );
});

const change = (edit: (record: Record<string, never>) => void): string => {
  const record = JSON.parse(TEXT) as Record<string, never>;
  edit(record);
  return JSON.stringify(record);
};
const set = (path: string, value: unknown) =>
  change((record) => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Record<string, unknown>>(
      (at, key) => at[key] as Record<string, unknown>,
      record,
    );
    parent[last] = value;
  });

test.each([
  ['', { kind: 'no-json' }],
  ['hello', { kind: 'no-json' }],
  ['null', { kind: 'other-schema', found: 'none' }],
  ['[]', { kind: 'other-schema', found: 'none' }],
  ['{"schema":"lock-2"}', { kind: 'other-schema', found: 'lock-2' }],
  ['{"schema":"lock-1"}', { kind: 'malformed', what: 'host' }],
  [set('class', 'portable'), { kind: 'malformed', what: 'class' }],
  [set('mutable', 'maybe'), { kind: 'malformed', what: 'mutable' }],
  [set('hierarchies', [1]), { kind: 'malformed', what: 'hierarchies' }],
  [set('host.architecture', null), { kind: 'malformed', what: 'host.architecture' }],
  [set('host.id', 1), { kind: 'malformed', what: 'host.id' }],
  [set('extensions', {}), { kind: 'malformed', what: 'extensions' }],
  [set('extensions.0', null), { kind: 'malformed', what: 'extensions[0]' }],
  [set('extensions.1.name', ''), { kind: 'malformed', what: 'extensions[1].name' }],
  [set('extensions.1.digest', 'md5:00'), { kind: 'malformed', what: 'extensions[1].digest' }],
  [set('extensions.1.digest', 'sha256:00'), { kind: 'malformed', what: 'extensions[1].digest' }],
  [
    set('extensions.1.digest', `sha256:${HEX.toUpperCase()}`),
    { kind: 'malformed', what: 'extensions[1].digest' },
  ],
  [set('extensions.1.protection', 'none'), { kind: 'malformed', what: 'extensions[1].protection' }],
  [set('extensions.1.name', 'bar'), { kind: 'malformed', what: 'extensions: one of them is there twice' }],
])('%j is no lock file', (content, problem) => {
  expect(parseLock(content)).toEqual(problem);
});

test('anything at all is read without a crash', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (any) => 'kind' in parseLock(any)));
});

const [BAR, FOO] = LOCK.extensions as [Lock['extensions'][0], Lock['extensions'][0]];

test.each<[string, Partial<Lock>, readonly object[]]>([
  ['nothing', {}, []],
  [
    'the host',
    { host: { id: 'debian', versionId: '14', level: '2', architecture: 'x86-64' } },
    [
      { kind: 'host', field: 'versionId', wanted: '13', found: '14' },
      { kind: 'host', field: 'level', wanted: null, found: '2' },
    ],
  ],
  ['the mode', { mutable: 'yes' }, [{ kind: 'mutable', wanted: 'no', found: 'yes' }]],
  [
    'hierarchies',
    { hierarchies: ['/usr'] },
    [{ kind: 'hierarchies', wanted: ['/opt', '/usr'], found: ['/usr'] }],
  ],
  ['one less', { extensions: [FOO] }, [{ kind: 'missing', name: 'bar', path: BAR.path }]],
  ['one more', { extensions: [BAR, { ...FOO, name: 'x' }, FOO] }, [{ kind: 'surplus', name: 'x' }]],
  ['where it lies', { extensions: [{ ...BAR, path: '/srv/bar' }, FOO] }, []],
  [
    'version, content and protection',
    { extensions: [BAR, { ...FOO, version: '3', digest: 'verity:00', protection: 'verity' }] },
    [
      { kind: 'version', name: 'foo', wanted: '2', found: '3' },
      { kind: 'content', name: 'foo', path: FOO.path, wanted: FOO.digest, found: 'verity:00' },
      { kind: 'protection', name: 'foo', wanted: 'signed', found: 'verity' },
    ],
  ],
  [
    'the order',
    { extensions: [FOO, BAR] },
    [{ kind: 'order', wanted: ['bar', 'foo'], found: ['foo', 'bar'] }],
  ],
])('compared: %s', (_, more, differences) => {
  expect(compareLocks(LOCK, { ...LOCK, ...more }, new Set())).toEqual(differences);
});

test('of what is not known only the name is compared', () => {
  const found = { ...LOCK, extensions: [{ ...BAR, digest: 'sha256:' as const }, FOO] };
  expect(compareLocks(LOCK, found, new Set(['bar']))).toEqual([]);
  expect(compareLocks(LOCK, found, new Set(['foo']))).toHaveLength(1);
});
