import { readdirSync, readlinkSync } from 'node:fs';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { addDirectory, versionsOf } from './installed.js';

// Directories: also an ordinary user installs them, into a root of her own.
let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('other') } });
});
afterAll(() => machine.close());

const installed = (path = '') => readdirSync(machine.at(`/var/lib/extensions/${path}`)).sort();
const call = async (words: readonly string[]) => succeeded(await machine.call(words)).stderr;

test('from the first version to none: installed, merged, updated, rolled back, switched off and on, removed', async () => {
  const one = addDirectory(machine, 'foo_1');
  const two = addDirectory(machine, 'foo_2');
  const ten = addDirectory(machine, 'foo_10');

  expect(await call(['install', one])).toBe(
    `Installed version 1 of 'foo' as '${machine.root}/var/lib/extensions/foo.v/foo_1'.\n` +
      `'sysext --root=${machine.root} refresh' merges it.\n`,
  );
  expect(installed()).toEqual(['foo.v', 'other']);
  expect(machine.mounts()).toEqual([]);
  await call(['install', two, '--now']);
  expect(machine.read('/usr/share/foo')).toBe('foo_2\n');
  expect(await versionsOf(machine)).toEqual([
    'foo 2 picked merged',
    'foo 1 not-picked',
    'other - picked merged',
  ]);

  // An older one is kept for later.
  expect(await call(['install', addDirectory(machine, 'foo_1.5')])).toMatch(
    /^Version 2 is still the one that a merge takes; '.* rollback foo 1\.5' changes that\.$/m,
  );
  await call(['install', ten]);
  expect(await versionsOf(machine, 'foo')).toEqual([
    'foo 10 picked',
    'foo 2 not-picked merged',
    'foo 1.5 not-picked',
    'foo 1 not-picked',
  ]);

  expect(await call(['rollback', 'foo', '1', '--now'])).toMatch(
    /^From now on a merge takes version 1 of 'foo'\.$/m,
  );
  expect(machine.read('/usr/share/foo')).toBe('foo_1\n');
  expect(installed('foo.v')).toEqual(['foo_1', 'foo_1.5+0', 'foo_10+0', 'foo_2+0']);
  expect(failedWith(await machine.call('rollback foo'))).toMatch(
    /^No version of 'foo' is installed that is older than 1 /,
  );
  expect(await call(['rollback', 'foo', '2', '--now'])).toContain('version 2');
  expect(machine.read('/usr/share/foo')).toBe('foo_2\n');
  expect(await call(['rollback', 'foo', '2'])).toBe("A merge takes version 2 of 'foo' already.\n");

  const stays = `What is merged of 'foo' into '/usr' stays until 'sysext --root=${machine.root} refresh'.\n`;
  expect(await call(['disable', 'foo'])).toBe(
    `Disabled 'foo': made '${machine.root}/etc/extensions/foo'.\n${stays}`,
  );
  expect(readlinkSync(machine.at('/etc/extensions/foo'))).toBe('.#disabled');
  expect(await call(['refresh'])).toContain("Extension 'foo' is disabled.\n");
  expect(machine.read('/usr/share/foo')).toBeNull();
  expect(await versionsOf(machine, 'foo')).toContain('foo 2 disabled');
  expect(succeeded(await machine.call('explain foo')).stdout).toContain(
    "What to do: nothing, if it shall be off; to switch it on again, use 'enable foo' and refresh.",
  );
  expect(succeeded(await machine.call('list')).stdout).toMatch(/^foo +directory .*\/\.#disabled /m);
  expect(await call(['disable', 'foo'])).toBe("'foo' is disabled already.\n");
  expect(await call(['install', addDirectory(machine, 'foo_11')])).toMatch(
    /^'foo' is disabled by .*, so it is not merged; '.* enable foo' changes that\.$/m,
  );
  await call(['enable', 'foo', '--now']);
  expect(machine.read('/usr/share/foo')).toBe('foo_11\n');
  expect(readdirSync(machine.at('/etc/extensions'))).toEqual([]);

  expect(failedWith(await machine.call('remove foo 11'))).toMatch(
    /is merged.*; with --now it is taken off first/,
  );
  await call(['remove', 'foo', '11', '--now']);
  expect(machine.read('/usr/share/foo')).toBe('foo_2\n');
  expect(await call(['remove', 'foo', '--now'])).toMatch(
    /^Removed versions 2, .* of 'foo' \(.*\/foo\.v\)\.$/m,
  );
  expect(machine.read('/usr/share/foo')).toBeNull();
  expect(installed()).toEqual(['other']);
  expect(failedWith(await machine.call('remove foo'))).toMatch(/^No extension 'foo' is installed;/);
  await call(['unmerge']);
});

test('masks are for names, whether something is installed or not; also those that were made by hand go', async () => {
  await call(['mask', 'other', 'nothing', '--now']);
  expect(await versionsOf(machine)).toEqual(['nothing masked', 'other - masked']);
  expect(machine.mounts()).toEqual([]);
  expect(failedWith(await machine.call('enable other'))).toMatch(/^'other' is masked by '.*'; unmask it/);
  expect(failedWith(await machine.call('disable nothing'))).toMatch(/^No extension 'nothing' is installed/);
  expect(await call(['mask', 'other', '--runtime'])).toBe("'other' is masked already.\n");
  expect(await call(['unmask', 'other', 'nothing'])).not.toContain('is not merged');
  expect(await versionsOf(machine)).toEqual(['other - picked']);
  expect(await call(['unmask', 'other'])).toBe("'other' is not masked.\n");

  // A disabled one that is masked is only that.
  await call(['disable', 'other']);
  await call(['mask', 'other']);
  await call(['unmask', 'other']);
  expect(await versionsOf(machine)).toEqual(['other - picked']);
  expect(await call(['enable', 'other'])).toBe("'other' is not disabled.\n");

  await machine.namespace.must([
    'mkdir',
    '-p',
    `${machine.root}/etc/extensions/other`,
    `${machine.root}/run/extensions`,
  ]);
  await machine.namespace.must(['ln', '-s', '/dev/null', `${machine.root}/run/extensions/other.raw`]);
  expect(await versionsOf(machine)).toEqual(['other - by-hand']);
  expect(await call(['unmask', 'other', '--runtime'])).toMatch(
    /^'other' is masked by '.*\/etc\/extensions\/other'/m,
  );
  await call(['unmask', 'other']);
  expect(await versionsOf(machine)).toEqual(['other - picked']);
});

test('until the next boot only', async () => {
  await call(['disable', 'other', '--runtime', '--now']);
  expect(readlinkSync(machine.at('/run/extensions/other'))).toBe('.#disabled');
  expect(machine.mounts()).toEqual([]);
  await call(['enable', 'other']);
  expect(readdirSync(machine.at('/run/extensions'))).toEqual([]);
  // What comes first cannot be switched off afterwards.
  await machine.namespace.must([
    'cp',
    '-a',
    `${machine.root}/var/lib/extensions/other`,
    `${machine.root}/etc/extensions`,
  ]);
  for (const words of ['disable other --runtime', 'mask other'])
    expect(failedWith(await machine.call(words))).toMatch(
      /\/etc\/extensions\/other' itself; move it to '\/var\/lib\/extensions', or delete it/,
    );
  await machine.namespace.must(['rm', '-r', `${machine.root}/etc/extensions/other`]);
});

test('configuration extensions have a place for switches of their own only until the next boot', async () => {
  const call = async (words: string) => succeeded(await machine.call(words, { as: 'confext' })).stderr;
  await machine.namespace.must([
    'sh',
    '-c',
    `d=${machine.directory}/conf_1/etc/extension-release.d; mkdir -p $d; echo ID=_any >$d/extension-release.conf; echo 1 >$d/../conf`,
  ]);
  await call(`install ${machine.directory}/conf_1 --now`);
  expect(machine.read('/etc/conf')).toBe('1\n');
  expect(await call('disable conf')).toMatch(/systemd takes the one that it reads first there/);
  await call('refresh');
  expect(machine.read('/etc/conf')).toBeNull();
  await call('enable conf --now');
  expect(await call('disable conf --runtime --now')).not.toMatch(/reads first/);
  expect(machine.read('/etc/conf')).toBeNull();
  await call('enable conf');
  await call('remove conf --now');
  expect(readdirSync(machine.at('/var/lib/confexts'))).toEqual([]);
});
