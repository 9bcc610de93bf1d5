import type { Hierarchy } from '../overlay/metadata.js';
import { describeLeftOut, describeOutcome, describeWishProblem, type Line } from '../report/services.js';
import { applySteps, exitStatusOf } from '../services/apply.js';
import { combineReleases } from '../services/combine.js';
import { detectManager, type Manager, readStage, type Stage } from '../services/manager.js';
import { planServices } from '../services/plan-services.js';
import { readMergedReleases } from '../services/read-releases.js';
import { planStopFirst } from '../services/stop-first.js';
import { collectWishes, type NamedRelease } from '../services/wishes.js';
import { type Context, readHierarchies } from './context.js';

/** Has the service manager follow what is merged (os-release(5), `EXTENSION_RELOAD_MANAGER=` and the unit lists). */
export interface ServiceFollower {
  /** To be called while the old extensions are still merged, when it is certain that something will change. */
  beforeChange(hierarchies: readonly Hierarchy[]): void;
  /** When the new ones are merged, if any. */
  afterChange(): void;
  /**
   * When the lock is released: a unit that is restarted may itself call this program.
   *
   * @returns exit status
   */
  finish(): number;
}

/** The service manager of this machine. */
export function followServices(context: Context): ServiceFollower {
  return new Follower(context);
}

class Follower implements ServiceFollower {
  readonly #context: Context;
  #releases: NamedRelease[] = [];
  #manager: { readonly manager: Manager | null; readonly stage: Stage } | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  beforeChange(hierarchies: readonly Hierarchy[]): void {
    const merged = hierarchies.filter(({ merge }) => merge !== null);
    const leaving = readMergedReleases(this.#context.root, merged, this.#context.commandLine.extensionClass);
    this.#releases = leaving;
    const { wishes } = collectWishes(leaving);
    const { manager, stage } = this.#detect();
    const paths = merged.map(({ path }) => path);
    this.#tell(applySteps(planStopFirst(wishes, manager, stage, paths)).map(describeOutcome));
  }

  afterChange(): void {
    const { root, commandLine } = this.#context;
    const arriving = readMergedReleases(root, readHierarchies(this.#context), commandLine.extensionClass);
    this.#releases = combineReleases(this.#releases, arriving);
  }

  finish(): number {
    if (this.#releases.length === 0) return 0;
    const { manager, stage } = this.#detect();
    const { wishes, problems } = collectWishes(this.#releases);
    const { steps, leftOut } = planServices(wishes, manager, stage);
    this.#tell([...problems.map(describeWishProblem), ...leftOut.map(describeLeftOut)]);
    const outcomes = applySteps(steps);
    this.#tell(outcomes.map(describeOutcome));
    return exitStatusOf(outcomes);
  }

  #detect() {
    const manager = this.#manager?.manager ?? detectManager();
    this.#manager ??= { manager, stage: readStage(manager) };
    return this.#manager;
  }

  #tell(lines: readonly Line[]): void {
    for (const { level, message } of lines) this.#context.log[level](message);
  }
}
