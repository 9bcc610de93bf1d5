import { existsSync } from 'node:fs';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { versionsOf } from './installed.js';

// A link that switches a name off cannot lie where a directory of this very name does.
let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...confext('conf'), ...extension('other') } });
});
afterEach(() => machine.close());

const sysext = (words: string) => machine.call(words);
const confextCall = (words: string) => machine.call(words, { as: 'confext' });
const move = (from: string, to: string) =>
  machine.namespace.must(['sh', '-c', `cd '${machine.root}' && mkdir -p '${to}' && mv '${from}' '${to}'`]);

test.each(['disable', 'mask'])(
  '%s of a configuration extension without a version says what works, and that works',
  async (verb) => {
    const place = `${machine.root}/var/lib/confexts/conf`;
    succeeded(await confextCall('merge'));
    expect(failedWith(await confextCall(`${verb} conf`))).toBe(
      `Cannot switch off 'conf' for good: the link that does it would have the name of '${place}' itself; do it until the next boot with --runtime, take it away with 'remove', or move it to '${place}.v/conf_VERSION'. Nothing was changed.`,
    );
    expect(existsSync(machine.at('/etc/conf.conf'))).toBe(true);
    succeeded(await confextCall(`${verb} conf --runtime --now`));
    expect(existsSync(machine.at('/etc/conf.conf'))).toBe(false);
    succeeded(await confextCall(`${verb === 'disable' ? 'enable' : 'unmask'} conf --now`));
    expect(existsSync(machine.at('/etc/conf.conf'))).toBe(true);
    await machine.namespace.must([
      'sh',
      '-c',
      `cd '${machine.root}/var/lib/confexts' && mkdir conf.v && mv conf conf.v/conf_1`,
    ]);
    expect(succeeded(await confextCall(`${verb} conf --now`)).stderr).toContain('systemd takes the one');
    expect(existsSync(machine.at('/etc/conf.conf'))).toBe(false);
  },
);

test('one that is gone after the next boot anyway', async () => {
  await move('var/lib/confexts/conf', 'run/confexts');
  const place = `${machine.root}/run/confexts/conf`;
  const remedy = "move it to '/var/lib/confexts' and use --runtime there, or delete it. Nothing was changed.";
  for (const words of ['disable conf', 'disable conf --runtime'])
    expect(failedWith(await confextCall(words))).toBe(
      `Cannot switch off 'conf': the link that does it would have the name of '${place}' itself; ${remedy}`,
    );
  await move('run/confexts/conf', 'var/lib/confexts');
  succeeded(await confextCall('disable conf --runtime'));
});

test('system extensions in the places that are searched first', async () => {
  await move('var/lib/extensions/other', 'run/extensions');
  expect(failedWith(await sysext('disable other --runtime'))).toBe(
    `Cannot switch off 'other' until the next boot: the link that does it would have the name of '${machine.root}/run/extensions/other' itself; do it without --runtime, or delete it. Nothing was changed.`,
  );
  succeeded(await sysext('disable other'));
  succeeded(await sysext('enable other'));

  await move('run/extensions/other', 'etc/extensions');
  const line = `Cannot switch off 'other': the link that does it would have the name of '${machine.root}/etc/extensions/other' itself; move it to '/var/lib/extensions', or delete it. Nothing was changed.`;
  for (const words of ['disable other', 'mask other', 'disable other --runtime'])
    expect(failedWith(await sysext(words))).toBe(line);
  await move('etc/extensions/other', 'var/lib/extensions');
  succeeded(await sysext('disable other'));
  expect(await versionsOf(machine)).toEqual(['other - disabled']);
});

test('other files that are in the way, and images whose place is searched before that of the link', async () => {
  await machine.namespace.must([
    'sh',
    '-c',
    `cd '${machine.root}' && mkdir -p etc/extensions && echo >etc/extensions/none`,
  ]);
  expect(failedWith(await sysext('mask none'))).toMatch(
    /\/etc\/extensions\/none' is in the way, which is no symlink; rename it or delete it\. Nothing/,
  );
  await move('var/lib/extensions/other', 'etc/extensions/other.v');
  await machine.namespace.must([
    'sh',
    '-c',
    `cd '${machine.root}/etc/extensions/other.v' && mv other other_1`,
  ]);
  expect(failedWith(await sysext('disable other --runtime'))).toMatch(
    /\/etc\/extensions\/other\.v' comes before '\/run\/extensions', .*; move it, or switch it off without --runtime\./,
  );
  succeeded(await sysext('disable other'));
  await move('var/lib/confexts/conf', 'run/confexts/conf.v');
  await machine.namespace.must(['sh', '-c', `cd '${machine.root}/run/confexts/conf.v' && mv conf conf_1`]);
  expect(failedWith(await confextCall('disable conf'))).toMatch(
    /\/run\/confexts\/conf\.v' comes before '\/var\/lib\/confexts', .*; move it, or switch it off with --runtime\./,
  );
  succeeded(await confextCall('disable conf --runtime'));
});
