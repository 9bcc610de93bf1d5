import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TooManySymlinksError } from '../../src/host/root.js';
import {
  chooseWriting,
  fileNameOf,
  WriteDirectoryError,
  type Writing,
  type WritingInput,
} from '../../src/overlay/mutable.js';
import { MUTABLE_MODES, type MutableMode } from '../../src/overlay/mutable-mode.js';
import { Namespace } from '../support/namespace.js';
import { buildTree, directory, symlink, type Tree } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mutable-')));
});
afterEach(() => rmSync(root, { recursive: true }));

const EPHEMERAL = '/w/ephemeral/usr';
const PLACE = 'var/lib/extensions.mutable';

function input(more: Partial<WritingInput> = {}): WritingInput {
  const host = join(root, 'usr');
  return { root, hierarchy: '/usr', host, isMerged: false, workInUse: null, ephemeral: EPHEMERAL, ...more };
}

/** What is chosen in one line, paths below the root; of an error its kind. */
function choose(mode: MutableMode, more: Partial<WritingInput> = {}): string {
  try {
    return brief(chooseWriting(mode, input(more)));
  } catch (error) {
    if (error instanceof WriteDirectoryError) {
      expect(error.hierarchy).toBe(more.hierarchy ?? '/usr');
      expect(error.path.startsWith(`${root}/`)).toBe(true);
      return `error: ${error.problem.kind}`;
    }
    throw error;
  }
}

function brief({ upper, imported, recorded }: Writing): string {
  const below = (path: string) => (path.startsWith(root) ? path.slice(root.length) : path);
  const words = [
    ...(upper === null ? [] : [`${upper.kind} ${below(upper.path)} work ${below(upper.work)}`]),
    ...(imported === null ? [] : [`import ${below(imported)}`]),
    ...(recorded === null ? [] : [`record ${recorded}`]),
  ];
  return words.join(', ') || 'nothing';
}

test.each([
  ['/usr', 'usr'],
  ['/a/b', 'a.b'],
  ['//usr/local', 'usr.local'],
  ['/.x', '.x'],
])('%s is called %s', (hierarchy, name) => {
  expect(fileNameOf(hierarchy)).toBe(name);
});

const EPHEMERAL_UPPER = `ephemeral ${EPHEMERAL}/upper work ${EPHEMERAL}/work`;
const WORK = `/${PLACE}/.systemd-usr-workdir`;
const AT = `/${PLACE}/usr`;

/** What stands in the place of the write directory, beside a `/usr` of mode 0755. */
const SITUATIONS: Readonly<Record<string, readonly [tree: Tree, Readonly<Record<MutableMode, string>>]>> = {
  missing: [
    {},
    {
      no: 'nothing',
      yes: `new ${AT} work ${WORK}, record ${AT}`,
      auto: 'nothing',
      import: 'nothing',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': EPHEMERAL_UPPER,
    },
  ],
  'a directory': [
    { [`${PLACE}/usr`]: directory() },
    {
      no: 'nothing',
      yes: `directory ${AT} work ${WORK}, record ${AT}`,
      auto: `directory ${AT} work ${WORK}, record ${AT}`,
      import: `import ${AT}, record ${AT}`,
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': `${EPHEMERAL_UPPER}, import ${AT}, record ${AT}`,
    },
  ],
  'a symlink to a directory': [
    { [`${PLACE}/usr`]: symlink('/data/up'), 'data/up': directory() },
    {
      no: 'nothing',
      yes: 'directory /data/up work /data/.systemd-usr-workdir, record /data/up',
      auto: 'directory /data/up work /data/.systemd-usr-workdir, record /data/up',
      import: 'import /data/up, record /data/up',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': `${EPHEMERAL_UPPER}, import /data/up, record /data/up`,
    },
  ],
  'a symlink that climbs above the root': [
    { [`${PLACE}/usr`]: symlink('../../../../../../../data'), data: directory() },
    {
      no: 'nothing',
      yes: 'directory /data work /.systemd-usr-workdir, record /data',
      auto: 'directory /data work /.systemd-usr-workdir, record /data',
      import: 'import /data, record /data',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': `${EPHEMERAL_UPPER}, import /data, record /data`,
    },
  ],
  'a symlink to nowhere': [
    { [`${PLACE}/usr`]: symlink('/data/up') },
    {
      no: 'nothing',
      yes: 'new /data/up work /data/.systemd-usr-workdir, record /data/up',
      auto: 'nothing',
      import: 'nothing',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': EPHEMERAL_UPPER,
    },
  ],
  'a symlink to the hierarchy': [
    { [`${PLACE}/usr`]: symlink('/usr') },
    {
      no: 'nothing',
      yes: 'host /usr work /.systemd-usr-workdir, record /usr',
      auto: 'host /usr work /.systemd-usr-workdir, record /usr',
      import: 'error: is-hierarchy',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': 'error: is-hierarchy',
    },
  ],
  'a file': [
    { [`${PLACE}/usr`]: '' },
    {
      no: 'nothing',
      yes: 'error: no-directory',
      auto: 'error: no-directory',
      import: 'error: no-directory',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': 'error: no-directory',
    },
  ],
  'a symlink to a file': [
    { [`${PLACE}/usr`]: symlink('/f'), f: '' },
    {
      no: 'nothing',
      yes: 'error: no-directory',
      auto: 'error: no-directory',
      import: 'error: no-directory',
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': 'error: no-directory',
    },
  ],
  'a directory of another mode': [
    { [`${PLACE}/usr`]: directory({ mode: 0o700 }) },
    {
      no: 'nothing',
      yes: 'error: mode',
      auto: 'error: mode',
      import: `import ${AT}, record ${AT}`,
      ephemeral: EPHEMERAL_UPPER,
      'ephemeral-import': `${EPHEMERAL_UPPER}, import ${AT}, record ${AT}`,
    },
  ],
};

const cases = Object.entries(SITUATIONS).flatMap(([situation, [tree, wanted]]) =>
  MUTABLE_MODES.map((mode) => [situation, mode, wanted[mode], tree] as const),
);

test.each(cases)('%s, mode %s: %s', (_, mode, wanted, tree) => {
  buildTree(root, { usr: directory(), ...tree });
  expect(choose(mode)).toBe(wanted);
});

describe('the mode of the write directory', () => {
  const host = (mode: number) => buildTree(root, { usr: directory({ mode }) });
  const up = (mode: number) => buildTree(root, { [`${PLACE}/usr`]: directory({ mode }) });

  test('all of its bits are those of the hierarchy', () => {
    host(0o1751);
    up(0o1751);
    expect(choose('yes')).toMatch(/^directory /);
  });

  test('what was found and what is wanted is told', () => {
    host(0o755);
    up(0o2755);
    expect(() => chooseWriting('auto', input())).toThrow(
      expect.objectContaining({ problem: { kind: 'mode', found: 0o2755, wanted: 0o755 } }),
    );
  });

  test('a hierarchy that is not there would get 0755', () => {
    up(0o755);
    expect(choose('yes')).toMatch(/^directory /);
    rmSync(join(root, PLACE), { recursive: true });
    up(0o700);
    expect(choose('yes')).toBe('error: mode');
  });

  test('of one that a symlink leads to is taken and told', () => {
    host(0o755);
    buildTree(root, { [`${PLACE}/usr`]: symlink('/data/up'), 'data/up': directory({ mode: 0o700 }) });
    expect(chooseWriting('auto', input()).otherMode).toEqual({ found: 0o700, wanted: 0o755 });
    chmodSync(join(root, 'data/up'), 0o755);
    expect(chooseWriting('auto', input()).otherMode).toBeUndefined();
  });

  test('is looked at during a refresh as well', () => {
    host(0o755);
    up(0o700);
    expect(choose('yes', { isMerged: true })).toBe('error: mode');
  });
});

describe('the work directory', () => {
  beforeEach(() => buildTree(root, { usr: directory(), [`${PLACE}/usr`]: directory() }));
  const work = (more: Partial<WritingInput>) => {
    const path = chooseWriting('yes', input(more)).upper?.work;
    return path?.slice(join(root, PLACE).length + 1);
  };

  test('a refresh takes the one that is not in use', () => {
    const [first, second] = ['.systemd-usr-workdir', '.systemd-usr.1-workdir'] as const;
    expect(work({ isMerged: true, workInUse: join(root, PLACE, first) })).toBe(second);
    expect(work({ isMerged: true, workInUse: join(root, PLACE, second) })).toBe(first);
    expect(work({ isMerged: true, workInUse: join(root, first) })).toBe(first);
  });

  test('a nested hierarchy', () => {
    buildTree(root, { 'a/b': directory(), [`${PLACE}/a.b`]: directory() });
    expect(work({ hierarchy: '/a/b', host: join(root, 'a/b') })).toBe('.systemd-a.b-workdir');
  });
});

describe('the hierarchy itself is written to', () => {
  test('it may be merged now, so that its own directory cannot be seen', () => {
    buildTree(root, { usr: directory(), [`${PLACE}/usr`]: symlink('/usr') });
    const workInUse = join(root, '.systemd-usr-workdir');
    expect(choose('yes', { isMerged: true, workInUse })).toBe(
      'host /usr work /.systemd-usr.1-workdir, record /usr',
    );
  });

  test('through symlinks on both sides', () => {
    buildTree(root, {
      'data/usr': directory(),
      usr: symlink('data/usr'),
      [`${PLACE}/usr`]: symlink('../../../usr'),
    });
    expect(choose('auto', { host: join(root, 'data/usr') })).toBe(
      'host /data/usr work /data/.systemd-usr-workdir, record /data/usr',
    );
  });

  test('it is made when it is not there', () => {
    buildTree(root, { [`${PLACE}/usr`]: symlink('/usr') });
    expect(choose('yes')).toBe('host /usr work /.systemd-usr-workdir, record /usr');
    expect(choose('auto')).toBe('nothing');
  });
});

test('symlinks in a circle are an error of their own', () => {
  buildTree(root, { usr: directory(), [`${PLACE}/usr`]: symlink('usr') });
  expect(choose('no')).toBe('nothing');
  for (const mode of MUTABLE_MODES.filter((each) => each !== 'no'))
    expect(() => choose(mode)).toThrow(TooManySymlinksError);
});

describe('mounts', () => {
  let namespace: Namespace;
  beforeAll(async () => {
    namespace = await Namespace.open();
  });
  afterAll(() => namespace.close());

  test('a mount point is no write directory: there is no place beside it on the same mount', async () => {
    await namespace.must(['mkdir', '-p', `/run/one/usr`, `/run/one/${PLACE}/usr`]);
    await namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', `/run/one/${PLACE}/usr`]);
    root = moved('/run/one');
    for (const mode of ['yes', 'auto'] as const) expect(choose(mode)).toBe('error: other-mount');
    expect(choose('import')).toBe(`import ${AT}, record ${AT}`);
  });

  test('a file system that is read-only can be imported only', async () => {
    await namespace.must(['mkdir', '-p', `/run/two/usr`, `/run/two/${PLACE}`]);
    await namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', `/run/two/${PLACE}`]);
    await namespace.must(['mkdir', `/run/two/${PLACE}/usr`]);
    await namespace.must(['mount', '-o', 'remount,ro', `/run/two/${PLACE}`]);
    root = moved('/run/two');
    for (const mode of ['yes', 'auto'] as const) expect(choose(mode)).toBe('error: read-only');
    expect(choose('import')).toBe(`import ${AT}, record ${AT}`);
  });

  /** The directory in the namespace takes the place of the one that was made for the test. */
  function moved(path: string): string {
    rmSync(root, { recursive: true });
    return namespace.path(path);
  }

  afterEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'mutable-')));
  });
});
