import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { loopDevices } from '../support/loop-devices.js';
import { inNamespace, type Namespace } from '../support/namespace.js';
import { observeTree } from '../support/observe-tree.js';
import { buildTree, changeTree } from '../support/tree.js';
import { type Observation, observeMounts, replaceNow } from './observation.js';
import { ENVIRONMENT, type Program } from './programs.js';
import { asCall, type Call, type Scenario, words } from './scenario.js';

/** A call, what was seen after it, and what it said on standard error: kept for the report, and not compared. */
export interface Step {
  readonly call: Call;
  /** The name of the program that was called. */
  readonly by: string;
  readonly seen: Observation;
  readonly stderr: string;
}

/**
 * The runs of a scenario, each made once. They share a temporary directory: paths in the output of two programs are
 * only equal if they have the same root.
 */
export class Runs {
  readonly scenario: Scenario;
  #directory: string | undefined;
  readonly #made = new Map<string, Promise<Step[]>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  get root(): string {
    return rootIn(this.#scratch());
  }

  /** What happens when these programs make the calls; mostly it is just one, several take turns. */
  by(programs: readonly Program[]): Promise<Step[]> {
    const key = programs.map(({ name }) => name).join();
    const run = this.#made.get(key) ?? this.#make(programs);
    this.#made.set(key, run);
    return run;
  }

  remove(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
    this.#directory = undefined;
  }

  /** Made when it is needed: a scenario that is skipped is never run, nor removed. */
  #scratch(): string {
    if (this.#directory === undefined) {
      this.#directory = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-differential-')));
      mkdirSync(rootIn(this.#directory));
    }
    return this.#directory;
  }

  /** One after the other with disk images: of two runs in the same place, whose loop device is left? */
  #make(programs: readonly Program[]): Promise<Step[]> {
    const start = (): Promise<Step[]> => runScenario(this.scenario, programs, this.#scratch());
    if (!this.scenario.images) return start();
    const run = this.#last.then(start);
    this.#last = run.catch(() => {});
    return run;
  }
}

const rootIn = (directory: string): string => join(directory, 'root');

/**
 * Runs a scenario in a mount namespace of its own.
 *
 * @param programs who makes the calls, taking turns; mostly just one
 * @param directory where the root is mounted
 */
async function runScenario(
  scenario: Scenario,
  programs: readonly Program[],
  directory: string,
): Promise<Step[]> {
  const root = rootIn(directory);
  return inNamespace(async (namespace) => {
    const began = Date.now();
    await mountRoot(namespace, scenario, directory);
    const base = namespace.path(root);
    buildTree(base, scenario.tree);
    const steps: Step[] = [];
    const make = async (call: Call): Promise<void> => {
      const program = programs[steps.length % programs.length]!;
      steps.push(await runCall(namespace, scenario, call, program, root, began));
    };
    for (const call of scenario.calls.map(asCall)) {
      changeTree(base, call.before ?? {});
      if (call.script !== undefined)
        await namespace.must(['sh', '-ec', `cd "$0"; ${call.script}`, root], { env: { ...ENVIRONMENT } });
      await make(call);
    }
    if (steps.at(-1)?.seen.mounts !== '') await make({ args: 'unmerge' });
    return scenario.images ? [...steps, await loopDevicesLeft(root)] : steps;
  });
}

async function mountRoot(namespace: Namespace, { on }: Scenario, directory: string): Promise<void> {
  const root = rootIn(directory);
  if (on !== 'disk') {
    await namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', root]);
    return;
  }
  const own = mkdtempSync(join(directory, 'disk-'));
  await namespace.must(['mount', '--bind', own, root]);
}

/** @param began when the tree was begun: what a status says is the time of a merge is not before that */
async function runCall(
  namespace: Namespace,
  scenario: Scenario,
  call: Call,
  program: Program,
  root: string,
  began: number,
): Promise<Step> {
  const option =
    call.root === null ? [] : [`--root=${call.root === undefined ? root : join(root, call.root)}`];
  const command = [...program.command(scenario.class ?? 'sysext'), ...option, ...words(call)];
  const { status, stdout, stderr } = await namespace.run(command, { env: { ...ENVIRONMENT, ...call.env } });
  const seen = {
    status: String(status),
    stdout: replaceNow(stdout, began, Date.now()),
    mounts: observeMounts(namespace.mounts(), root),
    ...observeTree(namespace.path(root)),
  };
  return { call, by: program.name, seen, stderr };
}

/** The kernel lets go of a loop device a moment after its last user. */
async function loopDevicesLeft(root: string): Promise<Step> {
  let left = loopDevices(root);
  for (let attempt = 0; left.length > 0 && attempt < 20; attempt += 1) {
    await setTimeout(50);
    left = loopDevices(root);
  }
  const seen = {
    status: '',
    stdout: '',
    mounts: `${left.length} loop devices are left`,
    metadata: '',
    tree: '',
  };
  return { call: { args: '(at the end)' }, by: '', seen, stderr: '' };
}
