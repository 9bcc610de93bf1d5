import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, changeTree, directory, symlink } from '../../support/tree.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n', 'usr/share/a': 'a\n' } }) },
  });
});
afterEach(() => machine.close());

const merges = () =>
  machine
    .mounts()
    .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
    .sort();

describe('--root=', () => {
  test.each(['merge', 'status'])('%s below a directory that is not there fails in one line', async (verb) => {
    const root = `${machine.root}/nowhere`;
    expect(failedWith(await machine.call(verb, { root }))).toContain(`'${root}'`);
  });

  test.each(['merge', 'status'])('%s below a file fails in one line', async (verb) => {
    const root = `${machine.root}/usr/bin/host`;
    expect(failedWith(await machine.call(verb, { root }))).toContain(`'${root}'`);
  });

  test('may be a symlink, relative, or end in slashes', async () => {
    await machine.namespace.must(['ln', '-s', machine.root, `${machine.directory}/link`]);
    succeeded(await machine.call('merge', { root: `${machine.directory}/link` }));
    expect(succeeded(await machine.call('status --no-legend', { root: `${machine.root}//` })).stdout).toMatch(
      /^\/opt a /,
    );
    succeeded(await machine.call('unmerge', { root: `.${machine.root}/../root` }));
    expect(merges()).toEqual([]);
  });
});

describe('a hierarchy', () => {
  test('that is missing is made, with mode 0755, and stays when it is unmerged', async () => {
    changeTree(machine.root, { remove: ['opt'] });
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/a')).toBe('a\n');
    succeeded(await machine.call('unmerge'));
    expect(merges()).toEqual([]);
    expect(machine.state().tree).toContain('d 0755 0:0 "opt"');
  });

  test('that is missing and is not merged, because that fails, is not made', async () => {
    changeTree(machine.root, { remove: ['opt'] });
    const faults = machine.faults();
    const before = machine.state();
    // The bind mount onto the second hierarchy, and nothing else.
    faults.plan({}, `case "$*" in *bind*/opt) echo no >&2; exit 32 ;; esac`);
    failedWith(await machine.call('merge --log-level=err', { faults }));
    await machine.expectState(before);
  });

  test('that is a symlink to a directory is merged there', async () => {
    changeTree(machine.root, {
      remove: ['opt'],
      add: { 'var/opt/host': 'host\n', opt: symlink('/var/opt') },
    });
    succeeded(await machine.call('merge'));
    expect(merges()).toEqual(['/usr', '/var/opt']);
    expect(machine.read('var/opt/host')).toBe('host\n');
    expect(machine.read('var/opt/a')).toBe('a\n');
    expect(succeeded(await machine.call('status --no-legend')).stdout).toMatch(/^\/opt a /);
    succeeded(await machine.call('unmerge'));
    expect(merges()).toEqual([]);
  });

  test('that is a symlink to nothing is merged where that leads, below the root', async () => {
    changeTree(machine.root, { remove: ['opt'], add: { opt: symlink('/srv/opt') } });
    succeeded(await machine.call('merge'));
    expect(merges()).toEqual(['/srv/opt', '/usr']);
    expect(machine.read('srv/opt/a')).toBe('a\n');
  });

  test('that is a file: nothing is merged, and one line names it', async () => {
    changeTree(machine.root, { remove: ['opt'], add: { opt: 'a file\n' } });
    const before = machine.state();
    expect(failedWith(await machine.call('merge --log-level=warning'))).toContain(`${machine.root}/opt`);
    await machine.expectState(before);
    succeeded(await machine.call('status'));
  });

  test('that no extension has anything for is left alone', async () => {
    changeTree(machine.root, { remove: ['var/lib/extensions/a/opt'] });
    succeeded(await machine.call('merge'));
    expect(merges()).toEqual(['/usr']);
  });

  test('that holds the extensions themselves: what the kernel refuses is undone, and one line names it', async () => {
    // overlayfs takes no layer that is within another one (ELOOP, "overlapping layers").
    changeTree(machine.root, { remove: ['var/lib/extensions'] });
    buildTree(machine.root, {
      ...extension('inner', { in: 'opt/extensions', files: { 'opt/inner': 'inner\n' } }),
      'var/lib/extensions': symlink('/opt/extensions'),
    });
    const before = machine.state();
    const finished = await machine.call('merge --log-level=warning');
    if (finished.status === 0) {
      expect(machine.read('opt/inner')).toBe('inner\n');
      succeeded(await machine.call('unmerge'));
    } else {
      const line = failedWith(finished);
      expect(line).toContain('/opt');
      expect(line).not.toContain('symbolic links');
    }
    await machine.expectState(before);
  });

  test('that two names of one directory would be laid over: one line names both', async () => {
    buildTree(machine.root, {
      ...extension('b', { in: 'srv/same', files: { 'opt/same': 'same\n' } }),
      'srv/same/b/usr/lib/extension-release.d/extension-release.c': 'ID=_any\n',
      'var/lib/extensions/b': symlink('/srv/same/b'),
      'var/lib/extensions/c': symlink('/srv/same/b'),
    });
    const before = machine.state();
    const finished = await machine.call('merge --log-level=warning');
    if (finished.status === 0) {
      expect(machine.read('opt/same')).toBe('same\n');
      succeeded(await machine.call('unmerge'));
    } else {
      expect(failedWith(finished)).toMatch(/'b'.*'c'|\/srv\/same\/b/);
    }
    await machine.expectState(before);
  });
});

describe('SYSTEMD_SYSEXT_HIERARCHIES', () => {
  const withHierarchies = (value: string, words = 'merge') =>
    machine.call(words, { env: { SYSTEMD_SYSEXT_HIERARCHIES: value } });

  test.each(['opt', '/', '/usr:', ':/usr', '/usr/../opt', '/usr:opt'])(
    '%j is refused in one line that names it',
    async (value) => {
      const before = machine.state();
      const line = failedWith(await withHierarchies(value));
      expect(line).toContain('SYSTEMD_SYSEXT_HIERARCHIES');
      expect(line).toContain(value);
      await machine.expectState(before);
    },
  );

  test('is refused when it is empty: nobody means that', async () => {
    expect(failedWith(await withHierarchies(''))).toContain('Failed to use SYSTEMD_SYSEXT_HIERARCHIES=');
    expect(merges()).toEqual([]);
  });

  test('may name one twice, or with slashes at its end', async () => {
    succeeded(await withHierarchies('/opt:/opt/:/opt'));
    expect(merges()).toEqual(['/opt']);
    expect(succeeded(await withHierarchies('/opt:/opt', 'status --no-legend')).stdout).toMatch(
      /^\/opt a [^\n]*\n$/,
    );
    succeeded(await withHierarchies('/opt', 'unmerge'));
    expect(merges()).toEqual([]);
  });

  test('may name any directory', async () => {
    buildTree(machine.root, {
      'srv/deep/host': 'host\n',
      'var/lib/extensions/a/srv/deep/extension': 'extension\n',
    });
    succeeded(await withHierarchies('/srv/deep'));
    expect(machine.read('srv/deep/host')).toBe('host\n');
    expect(machine.read('srv/deep/extension')).toBe('extension\n');
    succeeded(await withHierarchies('/srv/deep', 'unmerge'));
    expect(merges()).toEqual([]);
  });

  test.each(['/opt:/opt/sub', '/opt/sub:/opt'])(
    '%s, one within the other: works or is refused, and is undone as a whole',
    async (value) => {
      buildTree(machine.root, { 'opt/sub/host': 'host\n', 'var/lib/extensions/a/opt/sub/deep': 'deep\n' });
      const before = machine.state();
      const finished = await withHierarchies(value, 'merge --log-level=warning');
      if (finished.status === 0) {
        expect(machine.read('opt/a')).toBe('a\n');
        expect(machine.read('opt/sub/deep')).toBe('deep\n');
        expect(machine.read('opt/sub/host')).toBe('host\n');
        succeeded(await withHierarchies(value, 'refresh --always-refresh=yes'));
        expect(machine.read('opt/sub/deep')).toBe('deep\n');
        succeeded(await withHierarchies(value, 'unmerge'));
      } else {
        failedWith(finished);
      }
      await machine.expectState(before);
    },
  );
});

test('a read-only /run: the lock is kept elsewhere, or one line says why not, and nothing is left', async () => {
  const { namespace } = machine;
  await namespace.must(['mount', '-o', 'remount,ro', '/run']);
  const before = machine.state();
  const finished = await machine.call('merge --log-level=warning', { env: { TMPDIR: machine.directory } });
  if (finished.status === 0) {
    expect(machine.read('opt/a')).toBe('a\n');
    succeeded(await machine.call('unmerge', { env: { TMPDIR: machine.directory } }));
  } else {
    expect(failedWith(finished)).toContain('/run');
  }
  await machine.expectState(before);
});

test('nothing to merge: says so and succeeds', async () => {
  changeTree(machine.root, { remove: ['var/lib/extensions/a'] });
  expect(succeeded(await machine.call('merge')).stderr).toBe('No extensions found.\n');
  buildTree(machine.root, { 'etc/extensions/empty': directory() });
  expect(succeeded(await machine.call('merge')).stderr).toMatch(/No suitable extensions found \(1 ignored/);
  expect(merges()).toEqual([]);
});
