import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Container } from '../container/container.js';
import { findCommand } from '../support/debian.js';

/** What slirp4netns(1) answers questions for names at. */
const RESOLVER = '10.0.2.3';

/**
 * Connects a container that has no network with that of the machine, by slirp4netns: its addresses and ports stay its own. The
 * namespaces of podman's own networks would be mounts of this machine.
 *
 * @returns ends the connection; the end of this process does it as well
 * @throws Error if slirp4netns does not get ready
 */
export async function connect(container: Container): Promise<() => Promise<void>> {
  const options = ['--configure', '--mtu=65520', '--disable-host-loopback', '--ready-fd=3', '--exit-fd=4'];
  const child = spawn(findCommand('slirp4netns')!, [...options, String(await container.pid()), 'tap0'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const ready = once(child.stdio[3] as Readable, 'data');
  if ((await Promise.race([ready, ended.then(() => null)])) === null)
    throw new Error('slirp4netns has ended before it was ready');
  await container.must('sh', '-c', `echo nameserver ${RESOLVER} >/etc/resolv.conf`);
  return async () => {
    child.kill();
    await ended;
  };
}
