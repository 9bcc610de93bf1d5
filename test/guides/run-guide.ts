import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container, type Finished, findTree, makeTree } from '../container/container.js';
import { provide } from '../support/debian.js';
import { type Block, isAsShown, outputsOf, readGuide, scriptOf } from './guide.js';
import { connect } from './network.js';

/** Milliseconds that a guide may take. Most of it are Debian packages that are fetched and installed. */
const PATIENCE = 420_000;

export interface Surroundings {
  /** A name that scripts/containers.sh knows. In `machine`, systemd is PID 1. */
  readonly tree: 'bookworm' | 'trixie' | 'machine';
}

/**
 * Has a test carry out a guide: its commands as they are printed, in a fresh container that has the program and a network of its
 * own, so that what it serves is in nobody's way. What they print has to be what the guide shows.
 *
 * @param name of a page in docs/guides
 */
export function followGuide(name: string, { tree }: Surroundings): void {
  const found = findTree();
  const made = 'missing' in found ? found : makeTree(tree);
  const missing = 'missing' in made ? made.missing : provide({ slirp4netns: 'slirp4netns' });
  if ('missing' in made || missing !== null) {
    test.skip(`docs/guides/${name}: ${missing}`, () => {});
    return;
  }
  test(
    `docs/guides/${name}: its commands do what it says`,
    async () => {
      const blocks = readGuide(name);
      expect(blocks.length).toBeGreaterThan(0);
      compare(name, blocks, await carryOut(blocks, made.tree, tree === 'machine'));
    },
    PATIENCE,
  );
}

async function carryOut(blocks: readonly Block[], tree: string, isMachine: boolean): Promise<Finished> {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-guide-'));
  const options = { fixtures: directory, run: isMachine, network: 'none', limit: PATIENCE } as const;
  const first = isMachine ? ['sh', '/sysext/test/guides/boot.sh'] : undefined;
  writeFileSync(join(directory, 'guide.sh'), scriptOf(blocks));
  try {
    const container = await Container.start(tree, options, first);
    try {
      return await follow(container, isMachine);
    } finally {
      await container.stop();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function follow(container: Container, isMachine: boolean): Promise<Finished> {
  const disconnect = await connect(container);
  try {
    // systemd was started in namespaces of its own.
    const inside = isMachine ? ['nsenter', '--target=1', '--mount', '--cgroup', '--'] : [];
    if (isMachine) await container.must('sh', '/sysext/test/guides/wait-for-boot.sh');
    return await container.exec(...inside, 'bash', '/sysext/test/guides/follow.sh');
  } finally {
    await disconnect();
  }
}

function compare(name: string, blocks: readonly Block[], { status, stdout, stderr }: Finished): void {
  const outputs = outputsOf(stdout);
  blocks.forEach(({ line, commands, fails, expected }, index) => {
    const where = `docs/guides/${name}:${line}\n${commands}`;
    const output = outputs[index] ?? '';
    // The rest behind the last mark is empty if all went well.
    if (index >= outputs.length - 1)
      throw new Error(
        `${where}${status === 99 && fails ? 'does not fail' : `ends with status ${status}`}:\n${output}${stderr}`,
      );
    if (expected !== null && !isAsShown(expected, output))
      throw new Error(`${where}prints:\n${output}but the guide shows:\n${expected}`);
  });
  expect(status).toBe(0);
}
