import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DANGEROUS } from '../../report/hostile.js';
import { type CheckedJson, readChecked } from '../../support/check-schema.js';
import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { type CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { readSarif } from '../../support/sarif-schema.js';
import { buildTree, directory, fifo, file, symlink, type Tree } from '../../support/tree.js';

const UNITS = 'usr/lib/systemd/system';
const program = (mode = 0o755) => file('#!/bin/sh\n', { mode });

/** Much of what can be wrong. */
const BAD: Tree = {
  'usr/bin/foo': program(),
  'usr/bin/su': program(0o4755),
  'usr/bin/open': program(0o777),
  'usr/bin/vi': symlink('/etc/alternatives/vi'),
  'usr/bin/lost': symlink('nothing'),
  'usr/sbin/food': symlink('/usr/bin/foo'),
  'usr/lib/a': symlink('a'),
  'usr/lib64': directory(),
  'usr/share/closed': directory({ mode: 0o700 }),
  'usr/share/up': symlink('../../../etc'),
  'usr/lib/foo.fifo': fifo(),
  'usr/lib/modules/6.12/modules.dep': '',
  'usr/lib/modules/6.12/foo.ko': '',
  'usr/lib/sysusers.d/foo.conf': '',
  'usr/lib/tmpfiles.d/foo.conf': '',
  [`${UNITS}/foo.service`]: '[Service]\nExecStart=/usr/bin/food\n[Install]\nWantedBy=multi-user.target\n',
  [`${UNITS}/bar.socket`]: fifo(),
  'etc/alternatives/vi': symlink('/usr/bin/foo'),
};

const CODES = [
  'absolute-symlink',
  'closed-directory',
  'dangling-symlink',
  'does-not-fit-host',
  'exec-missing',
  'link-out-of-image',
  'link-to-unmerged',
  'no-manager-reload',
  'outside-hierarchies',
  'set-user-id',
  'shared-index',
  'special-file',
  'symlink-loop',
  'type-conflict',
  'unit-not-started',
  'unit-unreadable',
  'writable-by-all',
];

/** What the name of a file in an image may be, and should not reach a terminal. */
const EVIL = '%\n::error::x\x1b[2J,:{0}[a](1)\u202e';

const GOOD: Tree = { 'usr/bin/good': program(), 'opt/good/data': '' };

let machine: Machine;
let bad: string;
beforeAll(async () => {
  const host: Tree = {
    'bin/sh': program(),
    'usr/lib64': symlink('lib'),
    'usr/share/closed': directory(),
    'usr/lib/modules/6.12/modules.dep': '',
  };
  const tree: Tree = {
    ...HOST,
    ...host,
    ...extension('bad', { release: 'ID=debian\nVERSION_ID=12\n', files: BAD }),
    ...extension('good', { release: 'ID=debian\nVERSION_ID=13\nEXTENSION_RELOAD_MANAGER=1\n', files: GOOD }),
    ...confext('conf', {
      files: { 'etc/systemd/system/a.service': '[Service]\nExecStart=/etc/a\n', 'etc/a': program() },
    }),
  };
  machine = await Machine.open({ tree });
  bad = join(machine.root, 'var/lib/extensions/bad');
});
afterAll(() => machine.close());

/** Calls it, and sees to it that nothing was changed. */
async function check(words: readonly string[], options: CallOptions = {}): Promise<Finished> {
  const before = machine.state();
  const finished = await machine.call(['check', ...words], options);
  await machine.expectState(before);
  return finished;
}

async function asJson(
  words: readonly string[],
  status: number,
  options: CallOptions = {},
): Promise<CheckedJson> {
  const finished = await check([...words, '--json=pretty'], options);
  expect(finished).toMatchObject({ status, stderr: '' });
  return readChecked(finished.stdout);
}

const codesOf = ({ images }: CheckedJson) =>
  [...new Set(images.flatMap(({ findings }) => findings.map(({ code }) => code)))].sort();

test('an image with many flaws, in every form', async () => {
  const json = await asJson(['bad'], 1);
  expect(codesOf(json)).toEqual(CODES);
  expect(json.codes.map(({ code }) => code).sort()).toEqual(CODES);
  expect(json.images[0]).toMatchObject({ name: 'bad', status: 'checked', against: { root: machine.root } });
  expect(json.images[0]!.afterwards.map(({ commandLine }) => commandLine)).toEqual([
    'systemd-sysusers',
    'systemd-tmpfiles --create',
    'depmod --all',
    'systemctl daemon-reload',
    'systemctl start -- foo.service',
  ]);
  const count = json.images[0]!.findings.length;

  const text = await check([bad]);
  expect(text).toMatchObject({ status: 1, stderr: '' });
  for (const code of CODES) expect(text.stdout).toMatch(new RegExp(`^  (error|warning|note) ${code}: `, 'm'));
  expect(text.stdout).toMatch(/^bad: \d+ errors, \d+ warnings, 1 note\.\n/);
  expect(text.stdout).toContain(
    "/usr/lib/systemd/system/foo.service: ExecStart= calls '/usr/bin/food': neither the image nor the host has it.\n",
  );
  expect(text.stdout).toContain('    1. systemd-sysusers\n');

  const sarif = await check([bad, '--format=sarif']);
  expect(sarif).toMatchObject({ status: 1, stderr: '' });
  const run = readSarif(sarif.stdout);
  expect(run.results).toHaveLength(count);
  expect(run.tool.driver.rules.map(({ id }) => id).sort()).toEqual(CODES);
  expect(run.results.map(({ locations: [one] }) => one!.physicalLocation.artifactLocation.uri)).toContain(
    `file://${bad}/usr/lib/systemd/system/foo.service`,
  );

  const github = await check([bad, '--format=github']);
  expect(github).toMatchObject({ status: 1, stderr: '' });
  const lines = github.stdout.split('\n').slice(0, -1);
  expect(lines).toHaveLength(count);
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) file=[^,:]+,title=[^,:]+::./);
});

test('a good image, and two at once', async () => {
  const { status, stdout } = await check(['good']);
  const [first, second, ...rest] = stdout.split('\n');
  expect({ status, first, rest }).toEqual({ status: 0, first: 'good: nothing to complain of.', rest: [''] });
  expect(second).toContain(
    `It is the directory '${machine.root}/var/lib/extensions/good'. It was checked against `,
  );
  const json = await asJson(['good', 'bad'], 1);
  expect(json.images.map(({ name, findings }) => [name, findings.length > 0])).toEqual([
    ['good', false],
    ['bad', true],
  ]);
});

test('configuration extensions', async () => {
  const json = await asJson(['conf'], 1, { as: 'confext' });
  expect(codesOf(json)).toEqual(['exec-not-executable', 'no-manager-reload', 'unit-not-started']);
  expect((await asJson(['conf', '--class=confext'], 1)).images).toEqual(json.images);
});

test('where images are built that are not for this machine', async () => {
  const built = join(machine.directory, 'built');
  buildTree(
    built,
    sysextTree('built', {
      release: 'ID=elsewhere\nVERSION_ID=1\n',
      files: { 'usr/bin/built': program(), 'usr/bin/vi': symlink('vim') },
    }),
  );
  const json = await asJson([built], 0, { root: null });
  expect(json.images[0]!.against).toMatchObject({
    root: null,
    reason: expect.stringContaining('ID=elsewhere'),
  });
  expect(json.images[0]!.findings).toMatchObject([{ code: 'dangling-symlink', severity: 'note' }]);
});

test('a hostile image: nothing of it is opened, believed or shown as it is', async () => {
  const evil = join(machine.directory, 'evil');
  buildTree(evil, {
    ...sysextTree('evil', { release: `ID=_any\n${EVIL}\nEXTENSION_RESTART_UNITS="\x1b[2J"\n` }),
    [`usr/bin/${EVIL}`]: file('', { mode: 0o666 }),
    [`usr/share/${EVIL}`]: symlink(EVIL),
    'usr/share/b': symlink('a'),
    'usr/share/a': symlink('b'),
    [`${UNITS}/${EVIL}.service`]: `[Service]\nExecStart=/usr/bin/${EVIL.replace(/\n/g, '')}\n`,
    [`${UNITS}/fifo.service`]: fifo(),
    [`${UNITS}/big.service`]: '',
    [`${UNITS}/x.service.d/fifo.conf`]: fifo(),
    'usr/lib/udev/rules.d/fifo.rules': fifo(),
    'usr/share/dbus-1/system-services/loop.service': symlink('loop.service'),
  });
  truncateSync(join(evil, UNITS, 'big.service'), 2 ** 30);
  const forms = [[], ['--json=short'], ['--json=pretty'], ['--format=sarif'], ['--format=github']];
  for (const words of forms) {
    const { status, stdout, stderr } = await check([evil, ...words]);
    expect({ words, status, stderr }).toEqual({ words, status: 1, stderr: '' });
    expect(stdout.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(DANGEROUS);
    expect(stdout).toContain('[2J');
    expect(stdout).not.toMatch(/^::error::x/m);
    if (words[0] === '--format=sarif') readSarif(stdout);
    if (words[0] === '--json=short')
      expect(codesOf(readChecked(stdout))).toEqual(
        expect.arrayContaining([
          'bad-reload-field',
          'release-file-syntax',
          'symlink-loop',
          'unit-unreadable',
          'writable-by-all',
        ]),
      );
  }
});

test('what cannot be told', async () => {
  writeFileSync(join(machine.directory, 'broken.raw'), 'x');
  expect(await check(['nobody'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('nobody'),
  });
  const broken = join(machine.directory, 'broken.raw');
  const { status, stdout } = await check([broken]);
  expect({ status, stdout }).toEqual({
    status: 2,
    stdout: expect.stringMatching(/^'.*broken\.raw' cannot be checked: it is a text file; .*\.\n$/),
  });
  expect((await asJson([broken, 'good'], 2)).images.map(({ status }) => status)).toEqual([
    'unusable',
    'checked',
  ]);
  const sarif = readSarif((await check([broken, '--format=sarif'])).stdout);
  expect(sarif.invocations[0]!.executionSuccessful).toBe(false);
  expect((await check([broken, '--format=github'])).stdout).toMatch(/^::error file=.*cannot be checked/);
  expect(await check(['good'], { root: join(machine.root, 'opt') })).toMatchObject({ status: 2 });
});
