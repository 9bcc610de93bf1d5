import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container, type Finished, findTree, type Missing, makeTree } from '../container/container.js';
import { provide } from '../support/debian.js';
import { connect } from './network.js';

/** Milliseconds that a guide may take. Most of it are Debian packages that are fetched and installed. */
export const PATIENCE = 420_000;

/** A name that scripts/containers.sh knows. In `machine`, systemd is PID 1. */
export type TreeName = 'bookworm' | 'trixie' | 'machine';

/** A fresh container with a network of its own, so that what is served there is in nobody's way. */
export interface Surroundings {
  /** Runs a script at the shell of root, with the program in PATH. */
  follow(script: string): Promise<Finished>;
  close(): Promise<void>;
}

/** @returns why there can be none here, if it is so */
export async function makeSurroundings(name: TreeName): Promise<Surroundings | Missing> {
  const found = findTree();
  const made = 'missing' in found ? found : makeTree(name);
  if ('missing' in made) return made;
  const missing = provide({ slirp4netns: 'slirp4netns' });
  if (missing !== null) return { missing };
  try {
    return await start(made.tree, name === 'machine');
  } catch (error) {
    return { missing: `no such container can be started here: ${(error as Error).message}` };
  }
}

async function start(tree: string, isMachine: boolean): Promise<Surroundings> {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-guide-'));
  const ends: (() => unknown)[] = [() => rmSync(directory, { recursive: true })];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const options = { fixtures: directory, run: isMachine, network: 'none', limit: PATIENCE } as const;
    const first = isMachine ? ['sh', '/sysext/test/guides/boot.sh'] : undefined;
    const container = await Container.start(tree, options, first);
    ends.push(() => container.stop());
    ends.push(await connect(container));
    if (isMachine) await container.must('sh', '/sysext/test/guides/wait-for-boot.sh');
    // systemd was started in namespaces of its own.
    const inside = isMachine ? ['nsenter', '--target=1', '--mount', '--cgroup', '--'] : [];
    await container.must(...inside, 'sh', '/sysext/test/guides/try-apt.sh');
    return {
      close,
      follow(script) {
        writeFileSync(join(directory, 'guide.sh'), script);
        return container.exec(...inside, 'bash', '/sysext/test/guides/follow.sh');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
