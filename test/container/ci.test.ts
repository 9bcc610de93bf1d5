import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRepart, makeDdi, NO_REPART } from '../support/make-ddi.js';
import { makeImage } from '../support/make-images.js';
import { STANDALONE } from '../support/program.js';
import { buildTree, file, type Tree } from '../support/tree.js';
import { action, blocks, commandsOf, inputsOf } from './ci-text.js';
import { Container, type ContainerOptions, type Finished, findTree, makeTree } from './container.js';

const PATIENCE = 240_000;

/** The roots in which everything is tried. `npm test` takes the Debian tree that is there anyway, and the one that differs most. */
const MORE = process.env['SYSEXT_CONTAINERS'] === 'all' ? ['bookworm', 'trixie', 'sid'] : [];
const debian = findTree();
const roots = [
  ['debian', debian] as const,
  ...(['busybox', ...MORE] as const).map(
    (name) => [name, 'missing' in debian ? debian : makeTree(name)] as const,
  ),
];

const [SCRIPT = ''] = blocks('The script', 'sh');
const [WITH_ACTION = '', WITH_FILE = ''] = blocks('GitHub Actions', 'yaml');

/** What is in the working directory of a job. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'sysext-project-'));
  buildTree(project, {
    'test-extensions.sh': SCRIPT,
    'extensions/broken.raw': 'no image\n',
    ...extension('hello'),
    ...extension('tools'),
    ...extension('other'),
  });
  copyFileSync(STANDALONE, join(project, 'sysext'));
  chmodSync(project, 0o755);
});
afterAll(() => rmSync(project, { recursive: true }));

function extension(name: string): Tree {
  return {
    [`extensions/${name}/usr/bin/${name}-ext`]: file(`#!/bin/sh\necho "this is ${name}"\n`, { mode: 0o755 }),
    [`extensions/${name}/usr/lib/extension-release.d/extension-release.${name}`]: 'ID=_any\n',
  };
}

/** In the container it is a copy in its own file system, and `sysext` is in PATH. */
const inProject = (script: string) => [
  'sh',
  '-c',
  `set -e; mkdir -p /project; cp -a /fixtures/. /project; cd /project; PATH=/project:$PATH; ${script}`,
];

const HOLDS = [
  'ok: merged hello',
  'ok: merged tools',
  'ok: not-merged other',
  'ok: ignored broken because unusable',
  'ok: file /usr/bin/hello-ext from hello',
  'ok: command hello-ext works',
  'ok: command "tools-ext --version" works within 5s',
  'ok: writable /usr = no',
  'All 8 assertions hold.',
  '',
].join('\n');

for (const [name, found] of roots) {
  if ('missing' in found) test.skip(`in a container: ${name}: ${found.missing}`, () => {});
  else inRoot(name, found.tree);
}

function inRoot(name: string, tree: string): void {
  const run = (script: string, options: ContainerOptions = {}, nested = false) =>
    Container.run(tree, { fixtures: project, ...options }, inProject(script), nested);

  describe(`${name}: the script of docs/ci.md`, () => {
    test(
      'merges a chosen set with one broken image in it, proves it, and leaves nothing behind',
      async () => {
        const state = '{ cat /proc/1/mountinfo; ls -R /run /tmp; }';
        const { status, stdout, stderr } = await run(
          `${state} >/before; sh test-extensions.sh; SYSEXT_PREFER_PROGRAMS=1 sh test-extensions.sh; ${state} >/after; cmp /before /after >&2; sysext doctor >/dev/null`,
        );
        // The second time by nothing but the programs of that root.
        expect({ status, stdout }).toEqual({ status: 0, stdout: HOLDS + HOLDS });
        expect(stderr).toContain("Cannot use image 'broken' (/project/extensions/broken.raw)");
        expect(stderr).toContain("Using extensions 'hello', 'tools'.\nMerged extensions into '/usr'.\n");
        expect(stderr).toContain("Unmerged '/usr'.\n");
        expect(stderr).toContain('All 3 assertions hold.\n');
      },
      PATIENCE,
    );

    test(
      'does the same in a user namespace; and without root, where the system has what starts one',
      async () => {
        const unshare = 'unshare --user --map-root-user --mount sh test-extensions.sh';
        const user = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
        const { status, stdout } = await run(
          `${unshare}; if setpriv --version 2>&1 | grep -q util-linux; then ${user} ${unshare}; else ${unshare}; fi`,
        );
        expect({ status, stdout }).toEqual({ status: 0, stdout: HOLDS + HOLDS });
      },
      PATIENCE,
    );

    test(
      'says what is missing without CAP_SYS_ADMIN, and what to add for directories',
      async () => {
        const lacking = await run('sh test-extensions.sh', { privileged: false });
        expect(lacking).toMatchObject({ status: 1, stdout: '' });
        expect(lacking.stderr).toContain('this is root, but without CAP_SYS_ADMIN');
        const [option] = /--cap-add=\w+/.exec(lacking.stderr) ?? [];
        const added = await run('sh test-extensions.sh', { privileged: false, more: [option!] });
        expect(added).toMatchObject({ status: 0, stdout: HOLDS });
      },
      PATIENCE,
    );

    (findRepart() === null ? test.skip : test)(
      `disk images are merged: bare ones, and those with partitions${findRepart() === null ? ` (skipped: ${NO_REPART})` : ''}`,
      async () => {
        const { status, stdout, stderr } = await run(
          `cp /images/*.raw extensions; loops() { cat /sys/block/loop*/loop/backing_file 2>/dev/null | grep '^/project/extensions/'; }
          for name in bare parts checked 'hash # sign'; do
            sysext merge "$name" --from=extensions; sysext expect "merged '$name'" "file /usr/bin/image-ext from '$name'"
            sysext refresh --always-refresh=yes; image-ext; sysext unmerge
          done
          for wait in 1 2 3 4 5; do loops || break; sleep 1; done; ! loops`,
          { more: [`--volume=${images()}:/images:ro`] },
        );
        const merged = (image: string) =>
          `ok: merged '${image}'\nok: file /usr/bin/image-ext from '${image}'\nAll 2 assertions hold.\nthis is image\n`;
        expect({ status, stdout, stderr }).toMatchObject({
          status: 0,
          stdout: merged('bare') + merged('parts') + merged('checked') + merged('hash # sign'),
        });
        expect(stderr).toContain("Checked all 4096 bytes of 'checked' against its hash tree");
      },
      PATIENCE,
    );
  });
}

let made: string | null = null;
function images(): string {
  if (made !== null) return made;
  made = mkdtempSync(join(tmpdir(), 'sysext-images-'));
  const source = join(made, 'source');
  mkdirSync(source);
  const image = (name: string) => {
    const tree = join(source, name);
    buildTree(source, {
      [`${name}/usr/bin/image-ext`]: file('#!/bin/sh\necho "this is image"\n', { mode: 0o755 }),
      [`${name}/usr/lib/extension-release.d/extension-release.${name}`]: 'ID=_any\n',
    });
    return tree;
  };
  makeImage('squashfs', image('bare'), join(made, 'bare.raw'));
  makeImage('squashfs', image('hash # sign'), join(made, 'hash # sign.raw'));
  makeDdi(join(made, 'parts.raw'), { tree: image('parts'), format: 'squashfs' });
  makeDdi(join(made, 'checked.raw'), { tree: image('checked'), format: 'squashfs', verity: true });
  return made;
}
afterAll(() => {
  if (made !== null) rmSync(made, { recursive: true });
});

if (!('missing' in debian)) {
  const { tree } = debian;
  const run = (script: string, options: ContainerOptions = {}, nested = false) =>
    Container.run(tree, { fixtures: project, ...options }, inProject(script), nested);

  describe('the rest of docs/ci.md', () => {
    test(
      'in a container in a container the sentence says what to mount a tmpfs on; with that it works',
      async () => {
        const [remedy = ''] = blocks('A container in a container', 'sh');
        const { status, stdout, stderr } = await run(
          `! sh test-extensions.sh; ${remedy}\nsh test-extensions.sh`,
          {},
          true,
        );
        expect({ status, stdout }).toEqual({ status: 0, stdout: HOLDS });
        expect(stderr).toContain(
          "'/usr', '/project/extensions' are on overlays themselves, and the kernel stacks only two of them; mount a tmpfs on each",
        );
      },
      PATIENCE,
    );

    test(
      'the action merges, annotates what was ignored, and says what holds',
      async () => {
        const inputs = inputsOf(WITH_ACTION);
        expect(Object.keys(inputs)).toEqual(['from', 'names', 'options', 'expect']);
        const environment = Object.entries(inputs).map(
          ([key, value]) => `--env=${key.toUpperCase()}=${value}`,
        );
        const steps = commandsOf(action, 'run').map((step, number) => save(`step${number}`, step));
        expect(steps).toHaveLength(3);
        const ran = await run(`${steps.join('; ')}; hello-ext`, {
          more: ['--env=GITHUB_ACTION_PATH=/sysext', ...environment],
        });
        expect(ran.status).toBe(0);
        expect(ran.stdout).toMatch(/^::error title=broken%3A cannot be used \(text\)::/m);
        expect(ran.stdout).toContain('ok: command hello-ext works\nAll 4 assertions hold.\nthis is hello\n');
        const failing = await run(`${steps.join('; ')}; echo not reached`, {
          more: ['--env=GITHUB_ACTION_PATH=/sysext', ...environment, '--env=EXPECT=merged other'],
        });
        expect(failing.status).toBe(1);
        expect(failing.stdout).toMatch(/^::error .*title=does not hold%3A merged other::/m);
        expect(failing.stdout).not.toContain('not reached');
      },
      PATIENCE,
    );

    test.each([
      ['GitHub Actions', () => commandsOf(WITH_FILE, 'run'), 'All 8 assertions hold.\n'],
      ['GitLab CI', () => commandsOf(blocks('GitLab CI', 'yaml')[0]!, 'script'), ''],
    ] as const)(
      '%s: the commands of a job',
      async (_, commands, end) => {
        const [job] = commands();
        const { status, stdout } = await run(
          `sh -e ${save('job', job!)}; cat expect.xml 2>/dev/null || true`,
        );
        expect(status).toBe(0);
        expect(stdout).toContain('can be merged here.');
        if (end !== '') expect(stdout).toContain(end);
        else expect(stdout).toContain('<testsuites name="sysext expect" tests="8" failures="0" errors="0">');
      },
      PATIENCE,
    );

    test(
      'podman: the command line, with a tree in place of the image that would be pulled',
      async () => {
        const [command = ''] = blocks('podman', 'sh');
        const words =
          /^podman run --rm --privileged --volume=\/dev:\/dev --volume="\$PWD:\/project" --workdir=\/project debian:13 \\\n {2}sh -c '([^']+)'\n$/;
        const [, script] = words.exec(command) ?? [];
        const ran: Finished = await Container.run(
          tree,
          { more: [`--volume=${project}:/project`, '--workdir=/project'] },
          ['sh', '-c', script!],
        );
        expect(ran.status).toBe(0);
        expect(ran.stdout).toMatch(/^TAP version 14\n1\.\.8\n(ok \d - .*\n){8}/m);
      },
      PATIENCE,
    );
  });
}

/** A script in the project. @returns the words that run it there */
function save(name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return name.startsWith('step') ? `sh /project/${name}` : `/project/${name}`;
}
