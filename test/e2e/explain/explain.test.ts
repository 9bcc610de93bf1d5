import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExplainedJson, readExplained } from '../../support/explain-schema.js';
import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { type CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { below, buildTree, directory, file, symlink, type Tree } from '../../support/tree.js';

const OLD = 'ID=debian\nVERSION_ID=12\n';
const VERSIONED = 'var/lib/extensions/app.v';

/** One of each kind that a search path can have. */
const INSTALLED: Tree = {
  ...HOST,
  ...extension('good'),
  ...extension('old', { release: OLD }),
  ...extension('bare', { release: null }),
  ...extension('quiet'),
  'etc/extensions/quiet': directory(),
  ...extension('off'),
  'etc/extensions/off': symlink('/dev/null'),
  ...extension('twice', { release: OLD }),
  ...extension('twice', { in: 'etc/extensions' }),
  ...below(`${VERSIONED}/app_1`, sysextTree('app')),
  ...below(`${VERSIONED}/app_2`, sysextTree('app')),
  [`${VERSIONED}/notes.txt`]: '',
  'etc/extensions/lost': symlink('/nowhere'),
};

let machine: Machine;
let before: readonly string[];
beforeEach(async () => {
  machine = await Machine.open({ tree: INSTALLED });
  before = looks();
});
afterEach(() => machine.close());

/** What looks into images leaves in the directory for temporary files; others may be at it as well. */
const looks = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sysext-look-'));

/** Calls it, and sees to it that nothing of it stays. */
async function explain(words: string, options: CallOptions = {}): Promise<Finished> {
  const state = machine.state();
  const finished = await machine.call(`explain ${words}`.trim(), options);
  await machine.expectState(state);
  return finished;
}

async function asJson(words: string, status: number, options: CallOptions = {}): Promise<ExplainedJson> {
  const finished = await explain(`${words} --json=pretty`.trim(), options);
  expect(finished).toMatchObject({ status, stderr: '' });
  return readExplained(finished.stdout);
}

/** Name and fate on each host. */
const fates = ({ candidates }: ExplainedJson) =>
  candidates.map(({ name, verdicts }) => [name, ...verdicts.map(({ fate }) => fate)].join(' ')).sort();

test('all that is installed', async () => {
  expect(fates(await asJson('', 1))).toEqual([
    `${machine.root}/etc/extensions/lost rejected`,
    'app merged',
    'bare ignored',
    'good merged',
    'off hidden',
    'off masked',
    'old ignored',
    'quiet hidden',
    'quiet masked',
    'twice hidden',
    'twice merged',
  ]);
  const { status, stdout } = await explain('');
  expect(status).toBe(1);
  expect(stdout).toContain(
    '3 of 8 OS extensions would be merged:\n  would be merged:     app, good, twice\n',
  );
});

test('what it says would be merged is what is merged; a warning names it', async () => {
  const said = fates(await asJson('', 1));
  const { status, stderr } = await machine.call('merge');
  expect(status).toBe(0);
  const merged = said.filter((line) => line.endsWith(' merged')).map((line) => line.split(' ')[0]);
  expect(/^Using extensions '(.*)'\.$/m.exec(stderr)![1]!.split("', '")).toEqual(
    merged.map((name) => (name === 'app' ? 'app_2' : name)),
  );
  const ignored = said.filter((line) => line.endsWith(' ignored')).map((line) => line.split(' ')[0]);
  for (const name of ignored)
    expect(stderr).toContain(` See 'sysext --root=${machine.root} explain ${name}'.`);
  // While it is merged the answer is the same, and the merge stays.
  expect(fates(await asJson('', 1))).toEqual(said);
});

test('one by name: the comparisons, and the sentences of merge', async () => {
  const { status, stdout } = await explain('old');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^ +VERSION_ID +12 +13 +no +both must be the same \(systemd-sysext\(8\)\)$/m);
  const [, problem, remedy] = /Why not: (.*)\.\n +What to do: (.*)\.\n/.exec(stdout)!;
  const { stderr } = await machine.call('merge');
  expect(stderr).toContain(`: ${problem}; ${remedy}. See`);
});

test('the statuses 0, 1 and 2', async () => {
  const status = async (words: string) => (await explain(words)).status;
  expect(await status('good')).toBe(0);
  expect(await status('quiet off')).toBe(0);
  expect(await status('good old')).toBe(1);
  expect(await status('lost')).toBe(1);
  expect(await status('nobody')).toBe(2);
  expect(await status('--host=/nowhere/os-release')).toBe(2);
  expect(await status('old --force')).toBe(0);
  expect(await status('--arch=amd64')).toBe(1);
});

test('a versioned directory: the version, the older one, and what is none', async () => {
  const { stdout } = await explain('app');
  expect(stdout).toContain(
    "Of the versions there 'app_2' is taken (systemd.v(7)).\n    Not 'app_1': it is older.\n",
  );
  expect(stdout).toContain("Not 'notes.txt': it does not begin with 'app_'.");
});

test('a path, installed or not', async () => {
  const elsewhere = join(machine.directory, 'elsewhere');
  buildTree(elsewhere, sysextTree('elsewhere', { release: OLD }));
  const installed = `${machine.root}/var/lib/extensions/good`;
  const said = await asJson(`${elsewhere} ${installed} ${machine.root}/etc/extensions/lost`, 1);
  expect(said.candidates).toMatchObject([
    { name: 'elsewhere', installed: false, verdicts: [{ fate: 'ignored' }] },
    { name: 'good', installed: true },
    { kind: 'dangling', installed: true },
  ]);
  expect((await explain(`${elsewhere} --force`)).stdout).toContain(
    'but --force merges it; it is not installed',
  );
});

test('for other systems: a matrix', async () => {
  const file = (name: string, content: string) => {
    writeFileSync(join(machine.directory, name), content);
    return `--host=${join(machine.directory, name)}`;
  };
  const hosts = [
    file('old', OLD),
    file('fedora', 'ID=fedora\nVERSION_ID=43\n'),
    file('like', 'ID=x\nID_LIKE=debian\n'),
  ];
  const words = `old bare good ${hosts.join(' ')}`;
  expect(fates(await asJson(words, 1))).toEqual([
    'bare ignored ignored ignored',
    'good merged merged merged',
    'old merged ignored merged',
  ]);
  expect((await explain(words)).stdout).toMatch(/^old +merged +ignored: ID +merged$/m);
  expect((await explain(words)).stdout).toMatch(/^bare +ignored: no release file +ignored/m);
});

test('for another machine', async () => {
  buildTree(
    machine.root,
    extension('arm', { release: 'ID=_any\nARCHITECTURE=arm64\nSYSEXT_SCOPE=initrd\n' }),
  );
  expect((await asJson('arm', 1)).candidates[0]!.verdicts[0]!.checks.at(-1)).toMatchObject({
    check: 'scope',
    passed: false,
  });
  expect((await asJson('arm --scope=initrd --arch=x86-64', 1)).candidates[0]!.verdicts[0]).toMatchObject({
    rule: 'architecture-mismatch',
  });
  expect(fates(await asJson('arm --scope=initrd --arch=arm64', 0))).toEqual(['arm merged']);
});

test('configuration extensions', async () => {
  buildTree(machine.root, { ...confext('conf'), ...confext('stale', { release: OLD }) });
  expect(fates(await asJson('', 1, { as: 'confext' }))).toEqual(['conf merged', 'stale ignored']);
  const { stderr } = await machine.call('merge', { as: 'confext' });
  expect(stderr).toContain("explain stale'.");
});

test('nothing installed', async () => {
  for (const path of ['etc/extensions', 'var/lib/extensions'])
    rmSync(join(machine.root, path), { recursive: true });
  expect(await asJson('', 0)).toMatchObject({ candidates: [] });
  const { stdout } = await explain('');
  expect(stdout).toContain(`They are looked for in '${machine.root}/etc/extensions'`);
});

test('a broken image, beside which nothing is merged', async () => {
  writeFileSync(join(machine.root, 'var/lib/extensions/broken.raw'), 'x');
  const { status, stdout } = await explain('');
  expect(status).toBe(1);
  expect(stdout).toContain("A merge is all or nothing: first 'broken' must be mended or removed.\n");
  expect(stdout).toMatch(/broken cannot be used.*Why not: it is a text file\./s);
  expect(fates(await asJson('broken good', 1))).toEqual(['broken unusable', 'good merged']);
  expect(looks()).toEqual(before);
});

test('it waits for nobody, and makes no lock', async () => {
  const faults = machine.faults();
  const { status } = await machine.call('explain good', { faults });
  expect(status).toBe(0);
  expect(faults.calls()).toEqual([]);
  expect(machine.state().run).toEqual([]);
});

test('a release file with lines that make no sense, and hostile values', async () => {
  const release = 'ID=_any\nwhat is this\nVERSION_ID="\x1b[2J\u009b"\nSYSEXT_SCOPE="\u202e"\n';
  buildTree(machine.root, {
    'var/lib/extensions/bad/usr/lib/extension-release.d/extension-release.bad': file(release),
  });
  for (const words of ['bad', 'bad --json=short']) {
    const { status, stdout } = await explain(words);
    expect(status).toBe(1);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    expect(stdout).toContain('line 2: not an assignment');
  }
});

test('a host that does not say what it is', async () => {
  writeFileSync(join(machine.root, 'etc/os-release'), 'NAME=x\n');
  const { status, stdout, stderr } = await explain('');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/os-release.*ID=/);
});
