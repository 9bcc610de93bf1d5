import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseRelease } from '../../src/release/os-release.js';
import { makeImage } from '../support/make-images.js';
import { buildTree, file, type Tree } from '../support/tree.js';
import { Container, type ContainerOptions, findTree } from './container.js';

const found = findTree();
const tree = 'tree' in found ? found.tree : '';

/** Milliseconds: starting containers, and Node in them, takes its time on a busy machine. */
const PATIENCE = 240_000;

const PLAIN: ContainerOptions = {};
const UNPRIVILEGED: ContainerOptions = { privileged: false };
const LIKE_MACHINE: ContainerOptions = { run: true, shared: true };

if ('missing' in found) test.skip(`merging in containers: ${found.missing}`, () => {});
else allTests();

function allTests(): void {
  let fixtures = '';
  beforeAll(() => {
    fixtures = mkdtempSync(join(tmpdir(), 'sysext-fixtures-'));
    buildTree(fixtures, {
      ...extension('greeter', { 'usr/bin/greet': program('hello'), 'opt/greeter/data': 'of greeter\n' }),
      ...extension('later', { 'usr/bin/later': program('later') }),
    });
    const source = mkdtempSync(join(tmpdir(), 'sysext-image-'));
    buildTree(
      source,
      extension('tools', { 'usr/bin/tool': program('tool'), 'opt/tools/data': 'of tools\n' }),
    );
    makeImage('squashfs', join(source, 'tools'), join(fixtures, 'tools.raw'));
    rmSync(source, { recursive: true });
  });
  afterAll(() => rmSync(fixtures, { recursive: true }));

  /** A test in a container of its own, with `greeter/` and `tools.raw` installed. */
  const containerTest = (
    name: string,
    options: ContainerOptions,
    action: (container: Container) => Promise<void>,
  ): void => {
    test(
      name,
      async () => {
        const container = await Container.start(tree, { fixtures, ...options });
        try {
          await install(container, 'greeter', 'tools.raw');
          await action(container);
        } finally {
          await container.stop();
        }
      },
      PATIENCE,
    );
  };

  describe('in a plain privileged container: /run is no mount point, propagation is private', () => {
    containerTest('doctor says so beforehand, and where it is', PLAIN, async (container) => {
      const { status, stdout } = await container.sysext('doctor');
      expect({ status, stdout }).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^Directories can be merged here\.$/m),
      });
      expect(stdout).toMatch(/^container +directories +fine +'podman'$/m);
      expect(stdout).toMatch(
        /^overlay over \/usr +directories +fine +one was mounted to try it; it is the second/m,
      );
    });

    containerTest(
      'a directory and a squashfs image are merged over the container’s own /usr and /opt',
      PLAIN,
      async (container) => {
        expect((await container.mustSysext('merge')).split('\n')).toEqual([
          "Using extensions 'greeter', 'tools.raw'.",
          "Merged extensions into '/usr'.",
          "Merged extensions into '/opt'.",
          '',
        ]);
        expect(await container.must('greet')).toBe('hello\n');
        expect(await container.must('tool')).toBe('tool\n');
        expect(await container.must('cat', '/opt/greeter/data', '/opt/tools/data')).toBe(
          'of greeter\nof tools\n',
        );
        expect(await container.must('dpkg', '--version')).toContain('dpkg');
        expect(await statusOf(container)).toEqual({
          '/opt': ['greeter', 'tools'],
          '/usr': ['greeter', 'tools'],
        });
      },
    );

    containerTest(
      'refresh leaves an unchanged merge alone, and takes a new extension in',
      PLAIN,
      async (container) => {
        await container.must('touch', '/opt/of-the-container');
        await container.mustSysext('merge');
        expect(await container.mustSysext('refresh')).toContain(
          'Skipping extension refresh because no change',
        );
        await install(container, 'later');
        await container.mustSysext('refresh');
        expect(await container.must('later')).toBe('later\n');
        expect(await statusOf(container)).toMatchObject({ '/usr': ['greeter', 'later', 'tools'] });
        await container.must('rm', '-r', '/var/lib/extensions/later');
        await container.mustSysext('refresh');
        expect((await container.exec('later')).status).not.toBe(0);
        expect(await container.must('ls', '/opt')).toBe('greeter\nof-the-container\ntools\n');
      },
    );

    containerTest('nothing is left after unmerge', PLAIN, async (container) => {
      const before = await container.must('cat', '/proc/1/mountinfo');
      const run = await container.must('ls', '-R', '/run');
      await container.mustSysext('merge');
      expect(await container.must('cat', '/proc/1/mountinfo')).not.toBe(before);
      expect(await container.mustSysext('unmerge')).toBe("Unmerged '/usr'.\nUnmerged '/opt'.\n");
      expect(await container.must('cat', '/proc/1/mountinfo')).toBe(before);
      expect(await container.must('ls', '-R', '/run')).toBe(run);
      expect((await container.exec('greet')).status).not.toBe(0);
      expect(await statusOf(container)).toEqual({ '/opt': [], '/usr': [] });
      expect(await loopDevicesAfterAWhile(container, 'tools.raw')).toEqual([]);
    });

    containerTest('the original can neither merge here nor unmerge', PLAIN, async (container) => {
      await container.mustSysext('merge');
      for (const verb of ['unmerge', 'merge']) {
        const { status, stderr } = await container.exec('systemd-sysext', '--no-reload', verb);
        expect(stderr).toContain('on /run (MS_REC|MS_SLAVE ""): Invalid argument');
        expect(status).toBe(1);
        await container.mustSysext('unmerge');
      }
    });
  });

  describe('in a privileged container where /run is a mount point, but propagation is private', () => {
    containerTest(
      'the original says that it has merged and has not; we have',
      { run: true },
      async (container) => {
        const { status, stderr } = await container.exec('systemd-sysext', '--no-reload', 'merge');
        expect(stderr).toContain("Merged extensions into '/usr'.");
        expect(status).toBe(0);
        expect(await statusOf(container, 'systemd-sysext')).toEqual({ '/opt': [], '/usr': [] });
        expect((await container.exec('greet')).status).not.toBe(0);
        await container.mustSysext('merge');
        expect(await container.must('greet')).toBe('hello\n');
      },
    );
  });

  describe('in a privileged container that is set up like a machine', () => {
    containerTest('the original recognises our merge, and unmerges it', LIKE_MACHINE, async (container) => {
      await container.mustSysext('merge');
      expect(await statusOf(container, 'systemd-sysext')).toEqual(await statusOf(container));
      expect(await statusOf(container)).toMatchObject({ '/usr': ['greeter', 'tools'] });
      await container.must('systemd-sysext', '--no-reload', 'unmerge');
      expect(await statusOf(container)).toEqual({ '/opt': [], '/usr': [] });
      expect(await loopDevicesAfterAWhile(container, 'tools.raw')).toEqual([]);
    });

    containerTest(
      'we recognise the merge of the original, and unmerge it',
      LIKE_MACHINE,
      async (container) => {
        await container.must('systemd-sysext', '--no-reload', 'merge');
        expect(await statusOf(container)).toEqual(await statusOf(container, 'systemd-sysext'));
        expect(await statusOf(container)).toMatchObject({ '/usr': ['greeter', 'tools'] });
        await container.mustSysext('unmerge');
        expect(await statusOf(container, 'systemd-sysext')).toEqual({ '/opt': [], '/usr': [] });
        expect(await loopDevicesAfterAWhile(container, 'tools.raw')).toEqual([]);
      },
    );
  });

  describe('in a container without --privileged', () => {
    containerTest(
      'merge, unmerge and refresh say that they may not mount',
      UNPRIVILEGED,
      async (container) => {
        for (const verb of ['merge', 'unmerge', 'refresh']) {
          const { status, stdout, stderr } = await container.sysext(verb);
          expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
          expect(stderr).toMatch(/^Need to be privileged: .* --privileged/);
        }
      },
    );

    containerTest('doctor names the option that is missing', UNPRIVILEGED, async (container) => {
      const { status, stdout } = await container.sysext('doctor');
      expect(status).toBe(1);
      expect(stdout).toMatch(/^Nothing can be merged here: see privileges\.$/m);
      expect(stdout).toContain('  What to do: start the container with --privileged.\n');
    });

    containerTest('list and status work', UNPRIVILEGED, async (container) => {
      const list = await container.sysext('list', '--no-legend');
      expect(list.stdout).toMatch(/^greeter directory .*\ntools +raw .*\n$/);
      expect(list.status).toBe(0);
      expect(await statusOf(container)).toEqual({ '/opt': [], '/usr': [] });
    });
  });
}

/** A directory with the files and a release file that fits the containers' system. */
function extension(name: string, files: Tree): Tree {
  const { fields } = parseRelease(readFileSync(join(tree, 'usr/lib/os-release'), 'utf8'));
  const lines = ['ID', 'VERSION_ID'].filter((field) => fields.has(field));
  const release = lines.map((field) => `${field}=${fields.get(field)}\n`).join('');
  const all = { ...files, [`usr/lib/extension-release.d/extension-release.${name}`]: release };
  return Object.fromEntries(Object.entries(all).map(([path, entry]) => [join(name, path), entry]));
}

const program = (says: string) => file(`#!/bin/sh\necho ${says}\n`, { mode: 0o755 });

async function install(container: Container, ...names: readonly string[]): Promise<void> {
  await container.must('mkdir', '-p', '/var/lib/extensions');
  await container.must('cp', '-a', ...names.map((name) => `/fixtures/${name}`), '/var/lib/extensions/');
}

/** Extensions by hierarchy, as a program tells them. */
async function statusOf(
  container: Container,
  by: 'ours' | 'systemd-sysext' = 'ours',
): Promise<Record<string, string[]>> {
  const words = ['status', '--json=short'];
  const said = by === 'ours' ? await container.sysext(...words) : await container.exec(by, ...words);
  const rows = JSON.parse(said.stdout) as { hierarchy: string; extensions: string[] }[];
  return Object.fromEntries(rows.map(({ hierarchy, extensions }) => [hierarchy, extensions]));
}

/** The kernel gives a loop device back a moment after its last user. */
async function loopDevicesAfterAWhile(container: Container, fileName: string): Promise<string[]> {
  let left = await container.loopDevices(fileName);
  for (let attempt = 0; left.length > 0 && attempt < 20; attempt += 1) {
    await setTimeout(100);
    left = await container.loopDevices(fileName);
  }
  return left;
}
