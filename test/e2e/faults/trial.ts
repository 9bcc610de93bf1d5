import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultyPath } from '../../support/fault.js';
import type { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';
import { Watched } from '../../support/system-calls.js';
import { until } from '../../support/until.js';
import { difference, type Outline, outlineOf, overlaysOf } from './outline.js';
import { COMMAND_FAULTS, type Disturbance, isDeadly, type Point } from './points.js';
import { hasLater, openMachine, type Scenario, toggleLater } from './scenarios.js';

export const VERBS = ['merge', 'refresh', 'unmerge'] as const;
export type Verb = (typeof VERBS)[number];

/** How it is when nothing goes wrong. */
export interface Rehearsal {
  readonly points: readonly Point[];
  readonly before: Outline;
  readonly after: Outline;
  /** With the extensions that there are then. */
  readonly merged: Outline;
  readonly unmerged: Outline;
}

/** A machine on which calls are disturbed. */
export class Trial {
  readonly machine: Machine;
  readonly #scenario: Scenario;
  readonly #faults: FaultyPath;
  readonly #watched: Watched;

  private constructor(machine: Machine, scenario: Scenario) {
    this.machine = machine;
    this.#scenario = scenario;
    this.#faults = machine.faults();
    this.#watched = new Watched(machine.directory, machine.root, scenario.always);
  }

  static async open(scenario: Scenario): Promise<Trial> {
    return new Trial(await openMachine(scenario), scenario);
  }

  /** Has a verb do its work, and finds all points at which it can be disturbed. */
  async rehearse(verb: Verb): Promise<Rehearsal> {
    await this.#begin(verb);
    const before = outlineOf(this.machine);
    succeeded(await this.#call(verb, { under: this.#watched.watching() }));
    await this.#settle();
    const after = outlineOf(this.machine);
    const calls = this.#watched.calls().map((call) => ({ kind: 'system-call', call }) as const);
    await this.#begin(verb);
    this.#faults.plan({});
    succeeded(await this.#call(verb, { faults: this.#faults }));
    const commands = this.#faults
      .calls()
      .map((line, index) => ({ kind: 'command', number: index + 1, line }) as const);
    const points: Point[] = [...calls, ...commands];
    succeeded(await this.#call('unmerge'));
    await this.#settle();
    const unmerged = outlineOf(this.machine);
    succeeded(await this.#call('merge'));
    await this.#settle();
    return { points, before, after, merged: outlineOf(this.machine), unmerged };
  }

  /**
   * Disturbs a call, and looks whether all is as before or as after, whether `status` tells the truth, and whether what is
   * called next succeeds. Throws if not.
   *
   * @returns whether the machine can be used again: a work directory that cannot be removed stays, and that was said
   */
  async disturb(
    verb: Verb,
    point: Point,
    disturbance: Disturbance,
    rehearsal: Rehearsal,
    next: Verb,
  ): Promise<boolean> {
    const finished = await this.#disturbed(verb, point, disturbance, rehearsal);
    const { status, stderr } = finished;
    const died = status > 1;
    if (died && !isDeadly(disturbance)) throw new Error(`exit status ${status}: ${stderr}`);
    if (!died) await this.#judge(finished, rehearsal, point);
    await this.#expectStatus(died);
    if (died) await this.#recover(rehearsal);
    // What was ignored is seen by a refresh.
    if (!died && next === 'merge' && stderr !== '') succeeded(await this.#call('refresh'));
    if (!died && stderr.includes('-workdir')) return false;

    const calledNext = await this.#call(next);
    const isRefusal = next === 'merge' && / is already merged/.test(calledNext.stderr);
    if (!isRefusal) succeeded(calledNext);
    // Nothing was made for a merge that never was.
    if (verb === 'merge' && next === 'unmerge' && (await this.#is(rehearsal.before))) return true;
    const wanted = isRefusal ? rehearsal.before : next === 'unmerge' ? rehearsal.unmerged : rehearsal.merged;
    if (isRefusal && (await this.#is(rehearsal.merged))) return true;
    await this.#expect(wanted, `after the ${next} that followed`);
    return true;
  }

  close(): Promise<void> {
    return this.machine.close();
  }

  async #disturbed(
    verb: Verb,
    point: Point,
    { fault }: Disturbance,
    { before }: Rehearsal,
  ): Promise<Finished> {
    const options = ['--log-level=warning'];
    let call = point.kind === 'system-call' ? point.call : null;
    for (let attempt = 1; attempt <= 5; attempt++) {
      await this.#begin(verb);
      await this.#expect(before, 'before the call');
      if (point.kind === 'command') {
        const { number } = point;
        this.#faults.plan({ [number]: COMMAND_FAULTS[fault as keyof typeof COMMAND_FAULTS] });
        const finished = await this.#call(verb, { faults: this.#faults, options });
        if (this.#faults.calls().length >= number) return finished;
      }
      if (call === null) continue;
      const finished = await this.#call(verb, { under: this.#watched.tampering(call, fault), options });
      if (this.#watched.hasTampered(call, fault)) return finished;
      call = this.#watched.renumber(call);
    }
    throw new Error('the program did not come to that point');
  }

  /** It has ended by itself: it did its work, or says in a line why not and has done nothing. */
  async #judge(
    { status, stdout, stderr }: Finished,
    { before, after }: Rehearsal,
    point: Point,
  ): Promise<void> {
    expect(stdout).toBe('');
    const said = stderr.trim();
    if (status !== 0) {
      expect(stderr).toMatch(/^(Failed|Cannot|No|There is no|Interrupted|'|Timed|Undid) ?.*\n$/);
      return this.#expect(before, `after it has failed (${said})`);
    }
    if (stderr === '' && !isRemoval(point)) return this.#expect(after, 'after it has succeeded');
    expect(stderr).toMatch(/^(.*\n)?$/);
    await this.#settle();
    const now = outlineOf(this.machine);
    // One image does not take all others down: it is ignored, and that is said.
    if (/^(Ignoring|No suitable|Leaving out) /.test(stderr)) {
      return expect(after.mounts).toEqual(expect.arrayContaining([...now.mounts]));
    }
    // What is to go and cannot stays for the next call.
    const stays = ({ mounts, tree }: Outline) =>
      JSON.stringify([mounts, tree.filter((line) => !line.includes('-workdir'))]);
    if (stays(now) !== stays(after))
      throw new Error(`after it has succeeded (${said}): ${difference(now, after)}`);
  }

  /** `status` shows as merged what has a mount. */
  async #expectStatus(died: boolean): Promise<void> {
    const mounted = () => overlaysOf(this.machine, this.#scenario.as ?? 'sysext');
    let before: string[];
    let finished: ReturnType<typeof succeeded>;
    // A command that goes on when the program was killed may take something off while `status` looks.
    do {
      before = mounted();
      finished = succeeded(await this.#call('status', { options: ['--json=short'] }));
    } while (before.join() !== mounted().join());
    const { stdout, stderr } = finished;
    const rows = JSON.parse(stdout) as { hierarchy: string; since: number | null }[];
    const merged = rows.filter(({ since }) => since !== null).map(({ hierarchy }) => hierarchy);
    expect(merged.sort()).toEqual(before);
    if (!died) return;
    expect(stderr).toMatch(/^(|.*was killed in the middle; .*\n)$/);
  }

  /**
   * A merge takes away what a killed call has left, and then refuses where something is merged: so it shows whether all was
   * as before or as after.
   */
  async #recover(rehearsal: Rehearsal): Promise<void> {
    const finished = await this.#call('merge', { options: ['--log-level=err'] });
    if (!/ is already merged/.test(finished.stderr)) {
      succeeded(finished);
      return this.#expect(rehearsal.merged, 'after the merge that followed');
    }
    if (!(await this.#is(rehearsal.before)))
      await this.#expect(rehearsal.after, 'after what was killed was put in order');
  }

  /** Brings a machine on which nothing is left half done to where there is something to do for a verb. */
  async #begin(verb: Verb): Promise<void> {
    if (hasLater(this.machine, this.#scenario)) toggleLater(this.machine, this.#scenario);
    if (verb === 'merge') {
      succeeded(await this.#call('unmerge'));
      for (const path of this.#scenario.removed ?? [])
        rmSync(join(this.machine.root, path), { recursive: true, force: true });
    } else succeeded(await this.#call('refresh'));
    if (verb === 'refresh') toggleLater(this.machine, this.#scenario);
    await this.#settle();
  }

  #call(
    verb: string,
    { options = [], under, faults }: { options?: string[]; under?: string[]; faults?: FaultyPath } = {},
  ): Promise<Finished> {
    const { as, env, options: always = [] } = this.#scenario;
    return this.machine.call([verb, ...(verb === 'status' ? [] : always), ...options], {
      env: env?.(this.machine) ?? {},
      under: under ?? (this.#scenario.always === undefined ? [] : this.#watched.watching()),
      ...(as === undefined ? {} : { as }),
      ...(faults === undefined ? {} : { faults }),
    });
  }

  async #is(wanted: Outline): Promise<boolean> {
    await this.#settle(wanted.loops);
    return JSON.stringify(outlineOf(this.machine)) === JSON.stringify(wanted);
  }

  async #expect(wanted: Outline, when: string): Promise<void> {
    if (await this.#is(wanted)) return;
    throw new Error(`${when}: ${difference(outlineOf(this.machine), wanted)}`);
  }

  /** The kernel lets go of a loop device a moment after its last user. */
  async #settle(loops?: number): Promise<void> {
    if (loops !== undefined)
      return void (await until('loop devices to go', () => outlineOf(this.machine).loops <= loops).catch(
        () => {},
      ));
    let last = this.machine.state().loops.length;
    for (let equal = 0; equal < 3 && last > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const now = this.machine.state().loops.length;
      equal = now === last ? equal + 1 : 0;
      last = now;
    }
  }
}

const isRemoval = (point: Point): boolean =>
  point.kind === 'system-call' && /^(rmdir|unlink|unlinkat)$/.test(point.call.name);
