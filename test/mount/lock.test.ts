import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { Namespace } from '../support/namespace.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
let namespace: Namespace;
const callers: Caller[] = [];
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());
beforeEach(async () => {
  namespace = await Namespace.open();
});
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.kill();
  await namespace.close();
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

const read = async (path: string) => (await namespace.run(['cat', path])).stdout;
const exists = async (path: string) => (await namespace.run(['test', '-e', path])).status === 0;

test('the lock file names its holder, and goes with the lock', async () => {
  const caller = await new Caller().locked();
  expect(await read(LOCK)).toBe(`${caller.pid}\n`);
  await caller.release();
  expect(await exists('/run/systemd')).toBe(false);
});

test('who does not want to wait is told who has it', async () => {
  const holder = await new Caller().locked();
  const other = await new Caller(0).begun();
  expect(await other.next()).toEqual({ error: 'LockTimeoutError', seconds: 0, holder: String(holder.pid) });
  expect(await read(LOCK)).toBe(`${holder.pid}\n`);
  await holder.release();
  expect(await exists('/run/systemd')).toBe(false);
});

test('who waits is told once, and gets a lock file of its own', async () => {
  const first = await new Caller().locked();
  const second = await new Caller(60).begun();
  expect(await second.next()).toEqual({ wait: String(first.pid) });
  await first.release();
  // The file that the second one has waited for is gone: a third one must not get past it with a new one.
  expect(await second.next()).toEqual({ locked: '/run/systemd/sysext' });
  expect(await read(LOCK)).toBe(`${second.pid}\n`);
  const third = await new Caller(0).begun();
  expect(await third.next()).toMatchObject({ error: 'LockTimeoutError', holder: String(second.pid) });
  await second.release();
  expect(await exists('/run/systemd')).toBe(false);
});

test('the wait ends when its time is over', async () => {
  const holder = await new Caller().locked();
  const other = await new Caller(1.25).begun();
  expect(await other.next()).toEqual({ wait: String(holder.pid) });
  expect(await other.next()).toEqual({
    error: 'LockTimeoutError',
    seconds: 1.25,
    holder: String(holder.pid),
  });
  await holder.release();
});

test('a holder that was killed holds nothing', async () => {
  const holder = await new Caller().locked();
  await holder.die();
  expect(await exists(LOCK)).toBe(true);
  const next = await new Caller(0).locked();
  expect(await read(LOCK)).toBe(`${next.pid}\n`);
  await next.release();
  expect(await exists('/run/systemd/sysext')).toBe(false);
});

test('a lock file with anything in it is no obstacle', async () => {
  await namespace.must([
    'sh',
    '-c',
    `mkdir -p -m 700 /run/systemd/sysext; echo "no process, and longer" >${LOCK}`,
  ]);
  const caller = await new Caller(0).locked();
  expect(await read(LOCK)).toBe(`${caller.pid}\n`);
  await caller.release();
});

test('a symlink in place of the lock file is not followed', async () => {
  await namespace.must(['sh', '-c', `mkdir -p -m 700 /run/systemd/sysext; ln -s /run/target ${LOCK}`]);
  const caller = await new Caller(0).begun();
  expect(await caller.next()).toMatchObject({ error: 'Error', code: 'ELOOP' });
  expect(await exists('/run/target')).toBe(false);
});

test('a wait that is interrupted ends', async () => {
  const holder = await new Caller().locked();
  const other = await new Caller().begun();
  const flock = await childOf(other.pid);
  process.kill(flock, 'SIGTERM');
  expect(await other.next()).toMatchObject({ error: 'LockInterruptedError' });
  await holder.release();
});

/** flock(1), which the process starts and waits for. */
async function childOf(pid: number): Promise<number> {
  for (;;) {
    const child = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .find((name) => new RegExp(`^${name} \\(flock\\) \\S ${pid} `).test(readStat(name)));
    if (child !== undefined) return Number(child);
    await new Promise((resolve) => setTimeout(resolve, 10));
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
    for (let count = 0; count < 5; count++) {
      const lock = lockRoot('root-1', { timeout: null, onWait: () => {} });
      const number = Number(readFileSync('/run/counter', 'utf8'));
      writeFileSync('/run/counter', String(number + 1));
      lock.release();
    }`;
  await namespace.must(['sh', '-c', 'echo 0 >/run/counter']);
  await Promise.all(Array.from({ length: 3 }, () => namespace.must(sources.command(script))));
  expect(await read('/run/counter')).toBe('15');
  expect(await exists('/run/systemd/sysext')).toBe(false);
});
