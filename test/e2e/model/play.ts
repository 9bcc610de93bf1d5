import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Fault, fail, killAfter, killBefore } from '../../support/fault.js';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { makeImage } from '../../support/make-images.js';
import type { Finished } from '../../support/namespace.js';
import { buildTree, FIXED_TIME, type Tree } from '../../support/tree.js';
import { until } from '../../support/until.js';
import {
  afterCall,
  CLASSES,
  type ClassName,
  HIERARCHIES,
  type Hierarchy,
  INITIAL,
  type Installed,
  NAMES,
  type Name,
  type State,
} from './model.js';
import type { Mishap, Step } from './steps.js';

const PLACES: Readonly<Record<ClassName, { readonly install: string; readonly mask: string }>> = {
  sysext: { install: 'var/lib/extensions', mask: 'run/extensions' },
  confext: { install: 'var/lib/confexts', mask: 'run/confexts' },
};

const FAULTS: Readonly<Record<Mishap['kind'], Fault>> = {
  fails: fail,
  'killed-before': killBefore,
  'killed-after': killAfter,
};

/** Where each extension has its own file, and all of them one of the same name. */
const own = (hierarchy: Hierarchy, name: string): string => `${hierarchy}/share/${name}`;
const common = (hierarchy: Hierarchy): string => `${hierarchy}/share/common`;

/** A machine on which steps are carried out, beside the model of it; after each the two are compared. */
export class Play {
  readonly #machine: Machine;
  #state: State = INITIAL;
  calls = 0;
  mishaps = 0;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  static async open(): Promise<Play> {
    const tree: Tree = { ...HOST, [common('usr')]: 'host', [common('opt')]: 'host', [common('etc')]: 'host' };
    const machine = await Machine.open({ tree });
    // As on a machine with systemd; see lock/traces.test.ts for one without.
    await machine.namespace.must(['mkdir', '/run/systemd']);
    return new Play(machine);
  }

  close(): Promise<void> {
    return this.#machine.close();
  }

  /** @throws Error if the machine is not as the model has it */
  async take(step: Step): Promise<void> {
    if (step.kind === 'install') this.#install(step.class, step.name, step.what);
    else if (step.kind === 'remove') this.#install(step.class, step.name, null);
    else if (step.kind === 'write') this.#write(step.class);
    else await this.#call(step);
    await this.#compare();
  }

  #install(className: ClassName, name: Name, what: Installed | null): void {
    const { install, mask } = PLACES[className];
    const at = (place: string, file: string) => join(this.#machine.root, place, file);
    for (const file of [at(install, name), at(install, `${name}.raw`), at(mask, name)])
      rmSync(file, { recursive: true, force: true });
    const side = this.#state[className];
    const installed = new Map(side.installed);
    if (what === null) installed.delete(name);
    else installed.set(name, what);
    this.#state = { ...this.#state, [className]: { ...side, installed } };
    if (what === null) return;
    mkdirSync(at(install, ''), { recursive: true });
    if (what.isMasked) mkdirSync(at(mask, name), { recursive: true });
    const release = `ID=debian\nVERSION_ID=${what.fits ? 13 : 12}\n`;
    const hierarchies = HIERARCHIES[className].filter((hierarchy) => hierarchy !== 'opt' || what.hasOpt);
    const files = Object.fromEntries(
      hierarchies.flatMap((one) => [
        [own(one, name), name],
        [common(one), name],
      ]),
    );
    const make = className === 'sysext' ? extension : confext;
    if (what.isBroken) writeFileSync(at(install, `${name}.raw`), 'no image\n');
    else if (what.kind === 'directory') buildTree(this.#machine.root, make(name, { release, files }));
    else copyFileSync(this.#image(make(name, { in: '.', release, files }), name), at(install, `${name}.raw`));
  }

  /** The file of an image. */
  #image(tree: Tree, name: Name): string {
    const source = mkdtempSync(join(this.#machine.directory, 'source-'));
    buildTree(source, tree);
    const file = `${source}.raw`;
    makeImage('squashfs', join(source, name), file);
    utimesSync(file, FIXED_TIME, FIXED_TIME);
    rmSync(source, { recursive: true });
    return file;
  }

  #write(className: ClassName): void {
    for (const [hierarchy, { mode }] of this.#state[className].merged) {
      let written = true;
      try {
        writeFileSync(this.#machine.at(`${hierarchy}/written`), 'written');
      } catch {
        written = false;
      }
      same(`whether ${hierarchy} can be written to`, written, mode !== 'no');
    }
  }

  async #call({ class: className, verb, mode, mishap }: Step & { readonly kind: 'call' }): Promise<void> {
    const side = this.#state[className];
    const expected = afterCall(side, className, verb, mode);
    const before = this.#machine.state();
    const words = verb === 'unmerge' ? [verb] : [verb, `--mutable=${mode}`];
    const faults = this.#machine.faults();
    faults.plan(mishap === null ? {} : { [mishap.at]: FAULTS[mishap.kind] });
    const finished = await this.#machine.call(words, { as: className, faults });
    this.calls += 1;
    const struck = mishap !== null && faults.calls().length >= mishap.at;
    if (struck) this.mishaps += 1;
    if (finished.status === 137 && struck) return this.#repair(className, mishap.repair);
    const isKnown = !/^\s+at /m.test(finished.stderr) && (finished.status === 0 || finished.status === 1);
    if (!isKnown || (!struck && finished.status !== (expected.fails ? 1 : 0))) unexpected(words, finished);
    if (finished.status === 0) {
      this.#state = { ...this.#state, [className]: expected.side };
      // There was another way; or the workspace could not be unmounted in the end, and the next call does that.
      return struck && finished.stderr !== '' ? this.#repair(className, mishap.repair) : undefined;
    }
    // What could not be unmounted at all is still merged, and the rest is not.
    if (struck && verb === 'unmerge') return this.#repair(className, 'unmerge');
    // The kernel lets go of a loop device a moment later.
    await this.#machine.expectState(before);
  }

  /** A call was killed: whatever it has left, the next one that succeeds leads to where it always leads. */
  async #repair(className: ClassName, verb: 'refresh' | 'unmerge'): Promise<void> {
    const look = await this.#machine.call('status --json=short', { as: className });
    if (look.status !== 0) unexpected(['status'], look);
    const { side, fails } = afterCall(this.#state[className], className, verb, 'no');
    const finished = await this.#machine.call(verb, { as: className });
    if (finished.status !== (fails ? 1 : 0)) unexpected([verb], finished);
    // With an image that is broken nothing can be refreshed; but what is half done is taken back.
    if (fails) {
      const last = await this.#machine.call('unmerge', { as: className });
      if (last.status !== 0) unexpected(['unmerge'], last);
    }
    const merged = fails ? new Map() : side.merged;
    this.#state = { ...this.#state, [className]: { ...side, merged } };
  }

  async #compare(): Promise<void> {
    const machine = this.#machine;
    for (const className of CLASSES) {
      const { merged } = this.#state[className];
      const { status, stdout, stderr } = await machine.call('status --json=short', { as: className });
      if (status !== 0 || stderr !== '') unexpected(['status'], { status, stdout, stderr });
      const rows = JSON.parse(stdout) as { hierarchy: string; extensions: string[]; since: number | null }[];
      for (const hierarchy of HIERARCHIES[className]) {
        const row = rows.find((one) => one.hierarchy === `/${hierarchy}`);
        const found = merged.get(hierarchy);
        same(
          `what is merged into ${hierarchy}`,
          row?.since == null ? null : row.extensions,
          found ? [...found.names] : null,
        );
        const layers = found?.layers ?? [];
        const seen = NAMES.filter((name) => existsSync(machine.at(own(hierarchy, name))));
        same(`whose files are in ${hierarchy}`, seen, [...layers]);
        same(`who wins in ${hierarchy}`, machine.read(common(hierarchy)), layers.at(-1) ?? 'host');
      }
      this.#compareTraces(className);
    }
    const places = CLASSES.flatMap((one) =>
      [...this.#state[one].merged].flatMap(([hierarchy, { mode }]) => {
        const metadata = `/${hierarchy}/.systemd-${one}`;
        return mode === 'no' ? [`/${hierarchy}`] : [`/${hierarchy}`, metadata];
      }),
    );
    same(
      'what is mounted',
      machine
        .mounts()
        .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
        .sort(),
      places.sort(),
    );
    const images = CLASSES.flatMap((one) =>
      [...this.#state[one].merged.values()].slice(0, 1).length === 0 ? [] : [one],
    );
    if (images.length > 0) return;
    await until('loop devices to go', () => machine.state().loops.length === 0);
    same('what is in /run', machine.state().run, ['systemd']);
  }

  /** Work directories are there as long as they are used. */
  #compareTraces(className: ClassName): void {
    const place = join(this.#machine.root, 'var/lib/extensions.mutable');
    if (!existsSync(place)) return;
    const used = HIERARCHIES[className].filter(
      (one) => this.#state[className].merged.get(one)?.mode === 'yes',
    );
    const there = readdirSync(place).flatMap(
      (file) => /^\.systemd-(\w+)(\.1)?-workdir$/.exec(file)?.[1] ?? [],
    );
    const ours = there.filter((one) => HIERARCHIES[className].includes(one as Hierarchy));
    same(`work directories of ${className}`, ours.sort(), [...used].sort());
  }
}

function same(what: string, found: unknown, wanted: unknown): void {
  const [is, should] = [found, wanted].map((value) => JSON.stringify(value));
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}

function unexpected(words: readonly string[], { status, stderr }: Finished): never {
  throw new Error(`${words.join(' ')}: exit status ${status}: ${stderr}`);
}
