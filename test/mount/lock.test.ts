import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { lookAtLock } from '../../src/mount/lock.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';
import { Namespace } from '../support/namespace.js';

let sources: CompiledSources;
let namespace: Namespace;
const callers: Caller[] = [];
beforeAll(async () => {
  sources = compileSources();
  namespace = await Namespace.open();
});
afterAll(async () => {
  await namespace.close();
  sources.remove();
});
afterEach(() => {
  for (const caller of callers.splice(0)) caller.kill();
  rmSync(namespace.path('/run/systemd'), { recursive: true, force: true });
});

const LOCK = '/run/systemd/sysext/root-1.lock';

/** A process that takes the lock, says what happens, and releases the lock when its standard input ends. */
class Caller {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(timeout: number | null = null) {
    const script = `
      import { readFileSync } from 'node:fs';
      import { lockRoot } from '${sources.module('mount/lock.js')}';
      const say = (event) => console.log(JSON.stringify(event));
      say({ begin: process.pid });
      try {
        const lock = lockRoot('root-1', { timeout: ${timeout}, onWait: (holder) => say({ wait: holder }) });
        say({ locked: lock.directory.path });
        readFileSync(0);
        lock.release();
        say({ released: true });
      } catch (error) {
        say({ error: error.constructor.name, ...error });
      }`;
    const holder = /^\/proc\/(\d+)\//.exec(namespace.path('/'))![1]!;
    const user = process.geteuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
    const enter = ['--target', holder, '--mount', ...user, '--', ...sources.command(script)];
    this.#child = spawn('nsenter', enter, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#reader = createInterface(this.#child.stdout!);
    this.#lines = this.#reader[Symbol.asyncIterator]();
    callers.push(this);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async next(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    return done ? null : JSON.parse(value as string);
  }

  /** Until it has the lock. */
  async locked(): Promise<this> {
    expect(await this.next()).toEqual({ begin: this.pid });
    expect(await this.next()).toEqual({ locked: '/run/systemd/sysext' });
    return this;
  }

  async begun(): Promise<this> {
    expect(await this.next()).toEqual({ begin: this.pid });
    return this;
  }

  async release(): Promise<void> {
    this.#child.stdin?.end();
    expect(await this.next()).toEqual({ released: true });
  }

  async die(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    this.#reader.close();
  }
}

const read = (path: string) => readFileSync(namespace.path(path), 'utf8');
const exists = (path: string) => existsSync(namespace.path(path));

test('the lock file names its holder and goes with the lock; who does not want to wait is told', async () => {
  const holder = await new Caller().locked();
  expect(read(LOCK).split('\n')[0]).toBe(String(holder.pid));
  const other = await new Caller(0).begun();
  expect(await other.next()).toEqual({ error: 'LockTimeoutError', seconds: 0, holder: String(holder.pid) });
  expect(read(LOCK).split('\n')[0]).toBe(String(holder.pid));
  await holder.release();
  expect(exists('/run/systemd')).toBe(false);
});

test('who waits is told once, and gets a lock file of its own', async () => {
  const first = await new Caller().locked();
  const second = await new Caller(60).begun();
  expect(await second.next()).toEqual({ wait: String(first.pid) });
  await first.release();
  // The file that the second one has waited for is gone: a third one must not get past it with a new one.
  expect(await second.next()).toEqual({ locked: '/run/systemd/sysext' });
  expect(read(LOCK).split('\n')[0]).toBe(String(second.pid));
  const third = await new Caller(0).begun();
  expect(await third.next()).toMatchObject({ error: 'LockTimeoutError', holder: String(second.pid) });
  await second.release();
  expect(exists('/run/systemd')).toBe(false);
});

test('the wait ends when its time is over, or when it is interrupted', async () => {
  const holder = await new Caller().locked();
  const other = await new Caller(1.25).begun();
  expect(await other.next()).toEqual({ wait: String(holder.pid) });
  expect(await other.next()).toEqual({
    error: 'LockTimeoutError',
    seconds: 1.25,
    holder: String(holder.pid),
  });
  const interrupted = await new Caller().begun();
  process.kill(await childOf(interrupted.pid), 'SIGTERM');
  expect(await interrupted.next()).toMatchObject({ error: 'LockInterruptedError' });
  await holder.release();
});

test('a holder that was killed holds nothing', async () => {
  const holder = await new Caller().locked();
  await holder.die();
  expect(read(LOCK).split('\n')[0]).toBe(String(holder.pid));
  // Nor is anything else in the file an obstacle.
  writeFileSync(namespace.path(LOCK), 'no process, and longer\n');
  const next = await new Caller(0).locked();
  expect(read(LOCK).split('\n')[0]).toBe(String(next.pid));
  await next.release();
  expect(exists('/run/systemd/sysext')).toBe(false);
});

test('what a holder has noted is there for the next ones until it is taken away', async () => {
  const run = (action: string) =>
    namespace.run(
      sources.command(`
        import { lockRoot } from '${sources.module('mount/lock.js')}';
        const lock = lockRoot('root-1', { timeout: 0, onWait: () => {} });
        console.log(lock.note);
        ${action}`),
    );
  const die = "process.kill(process.pid, 'SIGKILL');";
  expect((await run(`lock.takeDown('{"number":1,"more":"more"}'); ${die}`)).stdout).toBe('null\n');
  expect((await run(`lock.takeDown('{"number":2}'); ${die}`)).stdout).toBe('{"number":1,"more":"more"}\n');
  expect((await run(die)).stdout).toBe('{"number":2}\n');
  expect((await run(`lock.takeDown(null); ${die}`)).stdout).toBe('{"number":2}\n');
  expect((await run('lock.release();')).stdout).toBe('null\n');
  expect(exists('/run/systemd')).toBe(false);
});

test('whether somebody holds it can be seen without waiting', async () => {
  const look = () => lookAtLock(namespace.path(LOCK));
  expect(look()).toBeNull();
  const holder = await new Caller().locked();
  expect(look()).toEqual({ held: true, holder: String(holder.pid) });
  await holder.die();
  expect(look()).toEqual({ held: false, holder: String(holder.pid) });
  // And whoever looks does not keep it.
  const next = await new Caller(0).locked();
  await next.release();
  expect(look()).toBeNull();
});

test('a symlink in place of the lock file is not followed', async () => {
  await namespace.must(['sh', '-c', `mkdir -p -m 700 /run/systemd/sysext; ln -s /run/target ${LOCK}`]);
  const caller = await new Caller(0).begun();
  expect(await caller.next()).toMatchObject({ error: 'Error', code: 'ELOOP' });
  expect(exists('/run/target')).toBe(false);
});

/** flock(1), which the process starts and waits for. */
async function childOf(pid: number): Promise<number> {
  for (;;) {
    const child = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .find((name) => new RegExp(`^${name} \\(flock\\) \\S ${pid} `).test(readStat(name)));
    if (child !== undefined) return Number(child);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

test('many at the same time: one after the other, and nothing is left', async () => {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { lockRoot } from '${sources.module('mount/lock.js')}';
    for (let count = 0; count < 4; count++) {
      const lock = lockRoot('root-1', { timeout: null, onWait: () => {} });
      const number = Number(readFileSync('/run/counter', 'utf8'));
      writeFileSync('/run/counter', String(number + 1));
      lock.release();
    }`;
  await namespace.must(['sh', '-c', 'echo 0 >/run/counter']);
  await Promise.all(Array.from({ length: 3 }, () => namespace.must(sources.command(script))));
  expect(read('/run/counter')).toBe('12');
  expect(exists('/run/systemd/sysext')).toBe(false);
});
