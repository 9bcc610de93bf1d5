import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readExplained } from '../../support/explain-schema.js';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { failed, failedWith, succeeded } from '../../support/outcome.js';
import { readPlan } from '../../support/plan-schema.js';
import { buildTree, directory, symlink, type Tree } from '../../support/tree.js';

/** Each has a file that the others have, too: the top layer wins. */
const one = (name: string, more: object = {}): Tree =>
  extension(name, { files: { 'usr/share/top': `${name}\n`, [`usr/share/${name}`]: '' }, ...more });

const TREE: Tree = {
  ...HOST,
  etc: directory(),
  ...one('bar'),
  ...one('baz'),
  ...one('foo'),
  ...one('old', { release: 'ID=debian\nVERSION_ID=12\n' }),
  ...one('extra', { in: 'srv/more' }),
  ...one('foo', { in: 'srv/other' }),
  ...confext('one'),
  ...confext('two'),
};

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({ tree: TREE });
});
afterAll(() => machine.close());
afterEach(() => machine.call('unmerge'));

const top = () => machine.read('usr/share/top')?.trim();
const names = () => machine.read('usr/.systemd-sysext/extensions')?.trim().replaceAll('\n', ' ');
const kept = (words: string) =>
  `Keeping to what was chosen for this merge: ${words} ('${callAgain()} refresh --all' forgets it).`;
const callAgain = () => `sysext --root=${machine.root}`;
const said = (finished: Finished) => succeeded(finished).stderr.split('\n');

async function statusOf(call: string): Promise<number | null> {
  const finished = await machine.call(call);
  expect(finished.stdout).toBe('');
  return finished.status;
}

test('names: merged, kept by refresh, told by status and explain, and forgotten', async () => {
  expect(said(await machine.call('merge foo bar'))[0]).toBe("Using extensions 'bar', 'foo'.");
  expect(names()).toBe('bar foo');
  expect(said(await machine.call('refresh'))).toEqual([
    kept('foo bar'),
    'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    '',
  ]);
  expect(said(await machine.call('refresh --always-refresh=yes'))[0]).toBe(kept('foo bar'));
  expect(names()).toBe('bar foo');

  const [, usr] = JSON.parse(succeeded(await machine.call('status --json=short')).stdout) as object[];
  const choice = { names: ['foo', 'bar'], only: [], except: [], from: [], order: [] };
  expect(usr).toMatchObject({ hierarchy: '/usr', extensions: ['bar', 'foo'], choice });
  expect(succeeded(await machine.call('status --verbose --no-legend')).stdout).toMatch(/^\/usr .* foo bar$/m);

  const explained = await machine.call('explain --json=short');
  const fates = readExplained(explained.stdout).candidates.map(
    ({ name, verdicts: [verdict] }) => `${name} ${verdict?.fate}`,
  );
  expect(fates).toEqual(['bar merged', 'baz not-chosen', 'foo merged', 'old not-chosen']);
  expect(explained.status).toBe(0);
  expect(succeeded(await machine.call('explain baz')).stdout).toContain(
    'Why not: only others were named, as was said when what is merged was merged (foo bar).',
  );

  // A plan is about what refresh would do; another choice takes the place of the whole one.
  expect(readPlan((await machine.call('plan --json=short')).stdout)).toMatchObject({ because: 'unchanged' });
  expect(readPlan((await machine.call('plan refresh baz --json=short')).stdout).extensions).toEqual(['baz']);
  expect(said(await machine.call('refresh --except=b*'))).not.toContainEqual(
    expect.stringMatching(/^Keeping/),
  );
  expect(names()).toBe('foo');

  // The same that is merged, but nothing is chosen any more: that has to be recorded.
  await machine.call('refresh --except=old');
  expect(names()).toBe('bar baz foo');
  expect(said(await machine.call('refresh --all'))).toContain("Using extensions 'bar', 'baz', 'foo'.");
  expect(machine.read('usr/.systemd-sysext/origin')).not.toContain('choice');
  expect(said(await machine.call('refresh')).join('\n')).toMatch(/^Ignoring extension 'old'.*\nSkipping/);
});

test('what is gone of a choice comes off, and is no error', async () => {
  succeeded(await machine.call('merge bar foo extra --from=/srv/more'));
  expect(names()).toBe('bar extra foo');
  rmSync(join(machine.root, 'srv/more'), { recursive: true });
  const lines = said(await machine.call('refresh'));
  expect(lines.slice(0, 4)).toEqual([
    kept('bar foo extra --from=/srv/more'),
    `'${machine.root}/srv/more', where this merge also took extensions from, is not there any more.`,
    "'extra' was chosen for this merge, and is left out now: it is not installed.",
    "Using extensions 'bar', 'foo'.",
  ]);
  buildTree(machine.root, one('extra', { in: 'srv/more' }));
});

test('places and an order', async () => {
  succeeded(await machine.call(['merge', '--from=/srv/more', '--order=foo,extra', '--only=f*', '--only=e*']));
  expect([names(), top()]).toEqual(['foo extra', 'extra']);
  const which = `which ${machine.root}/usr/share/top`;
  expect(succeeded(await machine.call(which)).stdout).toMatch(/is from 'extra'/);
  expect(
    succeeded(await machine.call(`${which} --order=extra,foo --from=/srv/more --except=old`)).stdout,
  ).toMatch(/^What the next merge makes:\n.* is from 'foo'/);
  // What is merged from elsewhere hides what is installed; the order of the others is that of versions.
  succeeded(await machine.call(`refresh --from=${machine.root}/srv/other --order=bar --except=old`));
  expect([names(), top()]).toEqual(['baz foo bar', 'bar']);
  expect(machine.read('usr/.systemd-sysext/origin')).toContain('"path": "/srv/other/foo"');
  expect(said(await machine.call('refresh'))[0]).toBe(kept('--except=old --from=/srv/other --order=bar'));
});

test('what cannot be meant: nothing was touched, also of what is merged', async () => {
  const before = machine.state();
  expect(failedWith(await machine.call('merge fooo'))).toBe(
    "There is no extension 'fooo', did you mean 'foo'? Installed are 'bar', 'baz', 'foo', 'old'. Nothing was changed.",
  );
  expect(failed(await machine.call(['merge', 'foo', 'nix', '--only=x*', '--from=/nowhere']))).toHaveLength(3);
  expect(failedWith(await machine.call('merge foo --except=f*'))).toContain('give up one of them');
  expect(failedWith(await machine.call('merge --keep-going --strict'))).toContain('contradict each other');
  await machine.expectState(before);

  succeeded(await machine.call('merge foo'));
  const merged = machine.state();
  failedWith(await machine.call('refresh fooo'));
  failedWith(await machine.call('refresh --all foo'));
  const plan = await machine.call('plan refresh fooo --json=short');
  expect(plan.status).toBe(1);
  expect(readPlan(plan.stdout)).toMatchObject({ outcome: 'fails', problems: [expect.any(String)] });
  expect((await machine.call(`which --only=x* ${machine.root}/usr/share/top`)).status).toBe(2);
  await machine.expectState(merged);
});

test('--strict: what is ignored, or hides another one without being merged, is an error', async () => {
  const before = machine.state();
  const lines = failed(await machine.call('merge --strict'));
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe("With --strict nothing may be left out: 'old' does not fit. Nothing was changed.");
  await machine.expectState(before);
  expect(await statusOf('merge --strict --except=old')).toBe(0);
  const merged = machine.state();
  expect(await statusOf('refresh --strict --all')).toBe(1);
  await machine.expectState(merged);
  buildTree(machine.root, {
    'etc/extensions/bar': directory(),
    'etc/extensions/baz': symlink('/dev/null'),
    'etc/extensions/lost.raw': symlink('/nowhere'),
  });
  const [, , last] = failed(await machine.call('refresh --strict --except=old'));
  expect(last).toBe(
    `With --strict nothing may be left out: 'bar' is the empty directory '${machine.root}/etc/extensions/bar', and hides '${machine.root}/var/lib/extensions/bar'; '${machine.root}/etc/extensions/lost.raw' gives no extension, it is a symlink to nothing. Nothing was changed.`,
  );
  expect(await statusOf('refresh --strict foo')).toBe(0);
  const plan = await machine.call('plan --strict refresh --except=old --json=short');
  expect([plan.status, readPlan(plan.stdout).outcome]).toEqual([1, 'fails']);
  rmSync(join(machine.root, 'etc/extensions'), { recursive: true });
});

test('--exit-code', async () => {
  expect(await statusOf('merge --exit-code')).toBe(5);
  expect(await statusOf('refresh --exit-code')).toBe(5);
  expect(await statusOf('refresh --exit-code --except=old')).toBe(0);
  expect(await statusOf('refresh --exit-code')).toBe(6);
  expect(await statusOf('refresh')).toBe(0);
  expect(await statusOf('refresh --exit-code old')).toBe(4);
  expect(await statusOf('merge --exit-code nix')).toBe(1);
});

test('configuration extensions as well', async () => {
  const call = (words: string) => machine.call(words, { as: 'confext' });
  succeeded(await call('merge two'));
  expect(machine.read('etc/.systemd-confext/confexts')).toBe('two\n');
  expect(said(await call('refresh'))[0]).toContain('Keeping to what was chosen for this merge: two');
  succeeded(await call('refresh --order=two,one'));
  expect(machine.read('etc/.systemd-confext/confexts')).toBe('two\none\n');
  expect(succeeded(await call('unmerge')).stderr).toContain('/etc');
});
