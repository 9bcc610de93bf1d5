import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs in a directory of their own, first in PATH, that write down how they were called. */
export class FakePrograms {
  readonly directory = mkdtempSync(join(tmpdir(), 'fake-programs-'));
  private readonly log = join(this.directory, 'calls');
  private readonly path = process.env['PATH'];

  constructor() {
    process.env['PATH'] = `${this.directory}:/usr/bin:/bin`;
  }

  /** @param body shell commands after the call was written down; `exit 5` is the most of it */
  add(name: string, body = ''): this {
    const record = `{ printf '%s' '${name}'; for word; do printf '\\037%s' "$word"; done; printf '\\036'; } >>'${this.log}'`;
    writeFileSync(join(this.directory, name), `#!/bin/sh\n${record}\n${body}\n`);
    chmodSync(join(this.directory, name), 0o755);
    return this;
  }

  /** No other program is found any more. */
  alone(): this {
    process.env['PATH'] = this.directory;
    return this;
  }

  /** Every call so far, as argument vectors. */
  get calls(): string[][] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8')
      .split('\x1e')
      .slice(0, -1)
      .map((call) => call.split('\x1f'));
  }

  remove(): void {
    if (this.path === undefined) delete process.env['PATH'];
    else process.env['PATH'] = this.path;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
