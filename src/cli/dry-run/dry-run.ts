import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { foreseeStateDirectory, keyOf, SYSTEM_DIRECTORY } from '../../mount/state-directory.js';
import { isUnderWork } from '../../mount/under-work.js';
import { workspaceAt } from '../../mount/workspace.js';
import { layersOf } from '../../overlay/layers.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { planUnmerge } from '../../overlay/plan.js';
import type { Plan } from '../../overlay/step.js';
import type { DryRun, Outcome, PlannedVerb } from '../../report/dry-run/dry-run.js';
import { describeError } from '../../report/errors.js';
import type { Log } from '../../report/log.js';
import { quoted, quotedList } from '../../report/printable.js';
import type { Line } from '../../report/services.js';
import { type Context, isPermissionError, readHierarchies } from '../context.js';
import { decide, isNothingToMerge } from '../decide.js';
import { findDetached } from '../find-detached.js';
import { findInstalled, type Installed } from '../find-installed.js';
import { type MergeContext, withMergeSettings } from '../merge-settings.js';
import { examine } from '../protect-images.js';
import { needsWorkspace } from '../take-off.js';
import { NoProcError } from '../unfit-error.js';
import { lookIn } from './look.js';
import { relocate } from './relocate.js';
import { foreseeServices } from './services.js';
import { ignoredSources, plannedSource, withLoopPlaceholders } from './sources.js';

/** What a person should know; `info` is what the dry run itself tells. */
function collect(lines: Line[]): Log {
  const at = (level: Line['level']) => (message: string) => {
    lines.push({ level, message });
  };
  return { err: at('err'), warning: at('warning'), notice: at('notice'), info: () => {}, debug: () => {} };
}

type Found = Pick<DryRun, 'outcome'> & Partial<DryRun>;

/**
 * Goes the way of a command up to what it would do. Reads only; images are mounted in a workspace of its own.
 *
 * @throws NoProcError, errors that nobody expected
 */
export async function makeDryRun(original: Context, verb: PlannedVerb): Promise<DryRun> {
  if (!existsSync('/proc/self/mountinfo')) throw new NoProcError();
  const messages: Line[] = [];
  const context = { ...original, log: collect(messages) };
  const { root, commandLine } = context;
  const { extensionClass, program } = commandLine;
  // Who may not mount is told what root would do.
  const state = mayMount() ? foreseeStateDirectory().path : SYSTEM_DIRECTORY;
  const workspace = join(state, keyOf(root));
  const rest = {
    verb,
    extensionClass,
    root,
    caller: { program, root: commandLine.root, extensionClass },
    state,
    workspace,
    mayMount: mayMount(),
    mutable: null,
    hierarchies: [],
    extensions: [],
    ignored: [],
    skipped: [],
    messages,
    reasons: null,
    services: null,
  } as const;
  try {
    const hierarchies = readHierarchies(context);
    return { ...rest, hierarchies, ...(await foresee(context, verb, hierarchies, workspace)) };
  } catch (error) {
    const lines = describeError(error);
    if (lines === null) throw error;
    const kind = isPermissionError(error) ? 'untold' : 'fails';
    return { ...rest, outcome: { kind, lines } };
  }
}

async function foresee(
  context: Context,
  verb: PlannedVerb,
  hierarchies: readonly Hierarchy[],
  workspace: string,
): Promise<Found> {
  if (isUnderWork(context.root)) {
    const line = 'Another call is at work on the same root, or was killed; ask again when it has ended.';
    return { outcome: { kind: 'untold', lines: [line] } };
  }
  if (verb === 'unmerge') return takeOff(context, hierarchies, workspace, 'none-merged');
  const merged = hierarchies.find((hierarchy) => hierarchy.merge !== null);
  if (verb === 'merge' && merged !== undefined)
    return { outcome: { kind: 'fails', lines: [`Hierarchy ${quoted(merged.name)} is already merged.`] } };
  return mergeInstalled(withMergeSettings(context), hierarchies, workspace);
}

/** As takeOff() of `unmerge` decides it. */
function takeOff(
  context: Context,
  hierarchies: readonly Hierarchy[],
  workspace: string,
  because: 'none-merged' | 'none-found',
): Found {
  const detached = findDetached(context, hierarchies);
  if (detached.length === 0) return { outcome: { kind: 'nothing', because } };
  const services = foreseeServices(context, leaving(hierarchies), []);
  if (!needsWorkspace(detached)) return { outcome: { kind: 'unmount', detached }, services };
  const plan = planUnmerge(detached, workspaceAt(workspace, -1));
  return { outcome: { kind: 'steps', plan, detached, targets: [], sources: [] }, services };
}

async function mergeInstalled(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
  planned: string,
): Promise<Found> {
  const installed = await findInstalled(context, hierarchies);
  if (!context.commandLine.merging.keepGoing) return attempt(context, hierarchies, planned, installed);
  const { withoutBroken } = await import('../keep-going.js');
  const { result, skipped } = await withoutBroken(context, installed, (patient, rest) =>
    attempt(patient, hierarchies, planned, rest),
  );
  return { ...result, skipped };
}

async function attempt(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
  planned: string,
  installed: Installed,
): Promise<Found> {
  const { extensionClass } = context.commandLine;
  const { mutable } = context;
  if (isNothingToMerge(installed, context))
    return { mutable, ...takeOff(context, hierarchies, planned, 'none-found') };
  const files = installed.images.filter(isFile);
  if (files.length > 0 && !mayMount()) {
    examine(context, installed.images);
    const names = quotedList(files.map(({ name }) => name));
    const line = `To look into disk images they have to be mounted, which needs privileges; run this as root: ${names}.`;
    return { mutable, outcome: { kind: 'untold', lines: [line] } };
  }
  return lookIn(planned, files.length > 0, async (workspace) => {
    const decision = await decide(context, workspace, hierarchies, installed);
    const { judged, detached } = decision;
    const ignored = ignoredSources(judged, extensionClass.releaseDirectory);
    const accepted = decision.kind === 'take-off' ? [] : decision.accepted;
    const extensions = accepted.map(({ name }) => name);
    const found = { mutable, ignored, extensions };
    if (decision.kind === 'take-off' && detached.length === 0)
      return { ...found, outcome: { kind: 'nothing', because: 'none-fit' } };
    if (decision.kind === 'unchanged')
      return { ...found, reasons: decision.reasons, outcome: { kind: 'nothing', because: 'unchanged' } };
    const sources = accepted.map(plannedSource);
    const plan =
      decision.kind === 'merge'
        ? withLoopPlaceholders(decision.plan, decision.origin, sources)
        : decision.plan;
    checkLayers(plan);
    const targets = decision.kind === 'merge' ? decision.targets : [];
    const outcome: Outcome = { kind: 'steps', plan, detached, targets, sources };
    return {
      ...found,
      reasons: decision.kind === 'merge' ? decision.reasons : null,
      outcome: relocate(outcome, workspace.directory, planned),
      services: foreseeServices(context, leaving(hierarchies), accepted),
    };
  });
}

const leaving = (hierarchies: readonly Hierarchy[]) => hierarchies.filter(({ merge }) => merge !== null);

/** What else would only be found when the overlay is mounted. @throws TooManyLayersError */
function checkLayers({ steps }: Plan): void {
  for (const step of steps) if (step.kind === 'mount-overlay') layersOf(step, true);
}
