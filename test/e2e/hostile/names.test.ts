import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE } from '../../report/hostile.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { buildTree, directory, file, symlink, type Tree } from '../../support/tree.js';
import { callAllVerbs } from './all-verbs.js';

/** What an image may be called, and a terminal or a shell would obey. */
const NAME = `e\u009b2J\u202e\u2028'"$(touch\${IFS}owned)\`touch owned\`;touch owned;%s\\`;
/** In an image any byte but a slash is good for a name. */
const INSIDE = `p${HOSTILE}\x1b]0;title\x07'$(touch owned)\r`;

const EXTENSIONS = 'var/lib/extensions';
const UNITS = 'usr/lib/systemd/system';

const RELEASE = [
  'ID="debian"',
  `VERSION_ID="13\x1b[2J\`touch owned\`$(touch owned)"`,
  `SYSEXT_LEVEL='\u009b2J'`,
  `EXTENSION_RESTART_UNITS="a.service;touch b\x1b[2J.service $(touch) --now"`,
  `EXTENSION_RELOAD_MANAGER="\x1b[31m"`,
  `${INSIDE.replaceAll('\n', '')}=x`,
  'no assignment \x1b[2J',
  'NUL=a\0b',
  "OPEN='never closed \x1b[2J",
].join('\n');

const FILES: Tree = {
  [`usr/bin/${INSIDE}`]: file(`#!/${INSIDE}/sh \x1b[2J\n`, { mode: 0o4777 }),
  [`usr/lib/${INSIDE}`]: symlink(`/${INSIDE}`),
  [`usr/share/${INSIDE}/${INSIDE}`]: symlink(`../../../../${INSIDE}`),
  [`opt/${INSIDE}`]: 'x',
  [`usr/lib/os-release`]: directory(),
  [`${UNITS}/a\x1b[2J.service`]: `[Service]\nExecStart=/usr/bin/${INSIDE.replaceAll('\n', '')}\n`,
  [`${UNITS}/x.service`]: `[Service]\nExecStart=/opt/\x1b[2J\n[Install]\nWantedBy=\x1b[2J.target\n`,
  [`${INSIDE}/outside`]: 'x',
};

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      'usr/bin/sh': 'host',
      ...extension('good', { files: { ...FILES, 'usr/lib/os-release/x': 'x' }, release: RELEASE }),
      ...extension(NAME, { files: { 'usr/share/x': 'x', [`opt/${INSIDE}`]: 'y' } }),
      ...extension('fits', { files: { [`opt/${INSIDE}`]: 'z', [`usr/bin/${INSIDE}`]: 'z' } }),
      ...extension(`unfit${NAME}`, { release: RELEASE }),
      [`${EXTENSIONS}/v.v/v_1\x1b[2J`]: directory(),
      [`${EXTENSIONS}/v.v/v_2_${NAME}/usr/lib/extension-release.d/extension-release.v`]: 'ID=_any\n',
      [`${EXTENSIONS}/v.v/v_3\n`]: directory(),
      [`${EXTENSIONS}/${INSIDE}.raw`]: 'no image',
      [`${EXTENSIONS}/${INSIDE}`]: directory(),
      [`${EXTENSIONS}/loop\u009b2J`]: symlink('loop\u009b2J'),
      [`${EXTENSIONS}/dangling\u202e`]: symlink('/nowhere'),
    },
  });
  // Not UTF-8.
  const bytes = Buffer.concat([
    Buffer.from(join(machine.root, EXTENSIONS, 'fits/opt/')),
    Buffer.from([0xff, 0x0a, 0x9b]),
  ]);
  writeFileSync(bytes, 'x');
  mkdirSync(
    Buffer.concat([Buffer.from(join(machine.root, EXTENSIONS, '/')), Buffer.from([0x9b, 0x32, 0x4a])]),
  );
});
afterAll(() => machine.close());

test('names and values that a terminal obeys reach it in no verb, nor JSON, and no shell obeys them', async () => {
  await callAllVerbs(machine, ['good', 'fits', NAME, 'v', `unfit${NAME}`]);
  for (const place of ['/', machine.root, process.cwd()])
    expect(existsSync(join(place, 'owned'))).toBe(false);
});

test('a script for such names merges them, and runs nothing that is in them', async () => {
  const { status, stdout } = await machine.call('plan merge --format=sh');
  expect(status).toBe(0);
  const directory = join(machine.directory, 'scripted');
  mkdirSync(directory);
  const script = join(directory, 'merge.sh');
  writeFileSync(script, stdout);
  await machine.namespace.must(['sh', '-c', 'cd "$1" && exec sh ./merge.sh', 'sh', directory]);
  expect(machine.read('usr/share/x')).toBe('x');
  expect(machine.read(`opt/${INSIDE}`)).toBe('z');
  expect(existsSync(join(directory, 'owned'))).toBe(false);
  expect(await machine.call('unmerge')).toMatchObject({ status: 0 });
});

test('a root with such a name is treated like any other', async () => {
  const root = join(machine.directory, `r${INSIDE.replaceAll('/', '')}`);
  mkdirSync(root);
  buildTree(root, { ...HOST, ...extension('a') });
  for (const words of ['list', 'explain', 'plan merge', 'merge', 'status', 'conflicts', 'unmerge']) {
    const finished = await machine.call(words, { root });
    expect({ words, ...finished }).toMatchObject({ status: 0 });
    expect(finished.stderr + finished.stdout).not.toMatch(/[\x1b\x07\r\u202e\u2028]/);
  }
});
