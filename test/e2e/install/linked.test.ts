import { readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, symlink } from '../../support/tree.js';
import { versionsOf } from './installed.js';

/** A transfer file as those of Flatcar's bakery. */
const transfer = (name: string, directory: string, more: string) => `[Transfer]
Verify=false

[Source]
Type=url-file
Path=http://127.0.0.1:9/
MatchPattern=${name}-@v.raw

[Target]
InstancesMax=3
Type=regular-file
Path=${directory}/
${more}
`;

// Nothing is looked into, so that the files can be anything.
const TREE = {
  ...HOST,
  'opt/extensions/tool/tool-1.raw': '1',
  'opt/extensions/tool/tool-2.raw': '2',
  'opt/extensions/tool/tool-10.raw': '10',
  'opt/extensions/tool/other.raw': 'no version',
  'etc/extensions/tool.raw': symlink('/opt/extensions/tool/tool-10.raw'),
  'etc/sysupdate.tool.d/tool.conf': transfer(
    'tool',
    '/opt/extensions/tool',
    'CurrentSymlink=/etc/extensions/tool.raw',
  ),
};

describe('a symlink chooses the version, as a transfer file says', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await Machine.open({ tree: TREE });
  });
  afterEach(() => machine.close());

  const link = (path = '/etc/extensions/tool.raw') => readlinkSync(machine.at(path));
  const call = async (words: string) => succeeded(await machine.call(words)).stderr;

  test('versions tells of all of them, and rollback lets it lead to another one', async () => {
    expect(await versionsOf(machine)).toEqual(['tool 10 picked', 'tool 2 not-picked', 'tool 1 not-picked']);
    expect(await call('rollback tool')).toBe("From now on a merge takes version 2 of 'tool'.\n");
    expect(link()).toBe('../../opt/extensions/tool/tool-2.raw');
    expect(await versionsOf(machine)).toEqual(['tool 2 picked', 'tool 10 not-picked', 'tool 1 not-picked']);
    expect(await call('rollback tool')).toContain('version 1');
    expect(failedWith(await machine.call('rollback tool'))).toMatch(
      /^No version of 'tool' is installed that is older than 1 /,
    );
    expect(failedWith(await machine.call('rollback tool 7'))).toMatch(
      /^There is no version 7 of 'tool'; there are '10', '2', '1'/,
    );
    expect(link()).toBe('../../opt/extensions/tool/tool-1.raw');
    expect(await call('rollback tool 10')).toContain('version 10');
    expect(await call('rollback tool 10')).toBe("A merge takes version 10 of 'tool' already.\n");
    expect(link()).toBe('../../opt/extensions/tool/tool-10.raw');
  });

  test('from a file that is not one of them it goes to the newest', async () => {
    rmSync(machine.at('/etc/extensions/tool.raw'));
    symlinkSync('/opt/extensions/tool/other.raw', machine.at('/etc/extensions/tool.raw'));
    expect((await versionsOf(machine))[0]).toBe('tool - picked');
    expect(await call('rollback tool')).toContain('version 10');
  });

  test('what is updated together is rolled back together', async () => {
    buildTree(machine.root, {
      'opt/more/more-1.raw': '1',
      'opt/more/more-10.raw': '10',
      'opt/more/current': symlink('more-10.raw'),
      'etc/sysupdate.tool.d/more.conf': transfer('more', '/opt/more', 'CurrentSymlink=current'),
    });
    // The second resource has no version 2.
    expect(await versionsOf(machine)).toEqual(['tool 10 picked', 'tool 1 not-picked']);
    await call('rollback tool');
    expect([link(), link('/opt/more/current')]).toEqual([
      '../../opt/extensions/tool/tool-1.raw',
      'more-1.raw',
    ]);
  });

  test('a transfer file that leads nowhere is not in the way', async () => {
    buildTree(machine.root, {
      'etc/loop': symlink('loop'),
      'etc/sysupdate.a.d/a.conf': transfer('a', '/etc/loop', 'CurrentSymlink=/etc/loop/a.raw'),
      'etc/sysupdate.b.d/b.conf': transfer('b', '/etc/os-release', 'CurrentSymlink=x'),
    });
    expect(await call('rollback tool')).toContain('version 2');
  });

  test('versions that cannot be looked at are not told', async () => {
    const file = transfer('tool', '/etc/loop', 'CurrentSymlink=/etc/extensions/tool.raw');
    writeFileSync(machine.at('/etc/sysupdate.tool.d/tool.conf'), file);
    buildTree(machine.root, { 'etc/loop': 'no directory' });
    expect(await versionsOf(machine)).toEqual(['tool - picked']);
  });

  test('a symlink that no transfer file names has nothing to go back to', async () => {
    writeFileSync(
      machine.at('/etc/sysupdate.tool.d/tool.conf'),
      transfer('tool', '/opt/extensions/tool', ''),
    );
    expect(await versionsOf(machine)).toEqual(['tool - picked']);
    expect(failedWith(await machine.call('rollback tool'))).toContain('there is only one version');
    expect(link()).toBe('/opt/extensions/tool/tool-10.raw');
  });
});
