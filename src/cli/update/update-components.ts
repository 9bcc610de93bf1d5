import { mayMount } from '../../host/privileges.js';
import type { HostRelease } from '../../release/host-release.js';
import { describeError } from '../../report/errors.js';
import type { UpdateResult } from '../../report/update/result.js';
import type { Delivery } from '../../update/decide.js';
import { decideUpdate } from '../../update/decide.js';
import { leaveOutUnfit } from '../../update/sidecar.js';
import { type Manifests, takeStock } from '../../update/stock.js';
import { TransferError } from '../../update/transfer.js';
import type { Component } from '../../update/transfer-files.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';
import { NotPrivilegedError } from '../unfit-error.js';
import { acquireAll, type Fetched } from './acquire-all.js';
import { withoutOtherUpdates } from './alone.js';
import { putAll } from './put-all.js';
import { refreshQuietly } from './refresh-quietly.js';
import { tellOutcome, tellUnfit } from './tell.js';

/** A component whose new files are fetched, and not in place. */
interface Ready {
  readonly result: UpdateResult;
  readonly version: string;
  readonly deliveries: readonly Delivery[];
  readonly fetched: Fetched;
}

export interface Updated {
  /** One for each component, in their order. */
  readonly results: readonly UpdateResult[];
  /** Exit status of the merge that was made in the end. */
  readonly status: number;
}

/**
 * Updates components, or only says what an update would do. All of them fetch their files before the first one changes anything;
 * what fails with one does not keep the others from theirs. What becomes of each is told when it is known.
 *
 * @throws NotPrivilegedError before anything is fetched; what withoutOtherUpdates() and putAll() throw
 */
export async function updateComponents(
  context: Context,
  components: readonly Component[],
  manifests: Manifests,
  host: HostRelease,
): Promise<Updated> {
  const { check, dryRun } = context.commandLine.updating;
  const run = () => updateEach(context, components, manifests, host);
  if (check || dryRun) return run();
  if (!mayMount()) throw new NotPrivilegedError(process.geteuid?.() === 0);
  return withoutOtherUpdates(context, run);
}

async function updateEach(
  context: Context,
  components: readonly Component[],
  manifests: Manifests,
  host: HostRelease,
): Promise<Updated> {
  const results: UpdateResult[] = [];
  const ready: Ready[] = [];
  for (const component of components) {
    const found = await fetchOrFail(context, component, manifests, host);
    const isReady = 'fetched' in found;
    const result = isReady ? found.result : found;
    tellUnfit(context, result);
    if (isReady) ready.push(found);
    else tellOutcome(context, result);
    results.push(result);
  }
  const { check, dryRun } = context.commandLine.updating;
  if (check || dryRun) return { results, status: 0 };
  const { outcomes, status } = await finish(context, ready);
  const all = results.map((result) => {
    const at = ready.findIndex((one) => one.result === result);
    return at < 0 ? result : { ...result, outcome: outcomes[at]! };
  });
  return { results: all, status };
}

/** With `--now` it is merged even if nothing is new: an update without it may have left something that is picked, and not merged. */
async function finish(context: Context, ready: readonly Ready[]): ReturnType<typeof putAll> {
  if (ready.length > 0) return putAll(context, ready);
  if (!context.commandLine.installing.now) return { outcomes: [], status: 0 };
  const status = await withSession(context, (session) => refreshQuietly(context, session));
  return { outcomes: [], status };
}

/** @throws an error that nobody expected */
async function fetchOrFail(
  context: Context,
  component: Component,
  manifests: Manifests,
  host: HostRelease,
): Promise<UpdateResult | Ready> {
  try {
    return await fetchUpdate(context, component, manifests, host);
  } catch (error) {
    return failed(component, error);
  }
}

/** @throws an error that nobody expected */
function failed(component: Component, error: unknown): UpdateResult {
  const lines = describeError(error);
  if (lines === null) throw error;
  return { component, installed: null, unfit: [], outcome: { kind: 'failed', lines } };
}

/** @throws TransferError, what takeStock(), leaveOutUnfit() and acquireAll() throw */
async function fetchUpdate(
  context: Context,
  component: Component,
  manifests: Manifests,
  host: HostRelease,
): Promise<UpdateResult | Ready> {
  const { extensionClass, updating, argument } = context.commandLine;
  const told = { component, installed: null, unfit: [] };
  const [failure] = component.failures;
  if (component.disabled) return { ...told, outcome: { kind: 'disabled' } };
  // Unless somebody has asked for just this one.
  if (failure?.kind === 'other-type' && argument === null)
    return { ...told, outcome: { kind: 'not-ours', failure } };
  if (failure !== undefined) throw new TransferError(failure);
  const looked = [];
  for (const transfer of component.transfers) {
    const stock = await takeStock(transfer, manifests, updating.verify);
    looked.push(await leaveOutUnfit(stock, manifests, updating.verify, { host, extensionClass }));
  }
  const decision = decideUpdate(looked.map(({ stock }) => stock));
  const unfit = looked.flatMap((one) => one.unfit);
  const result = { component, installed: decision.installed, unfit };
  if (decision.kind === 'up-to-date') return { ...result, outcome: { kind: 'current' } };
  if (decision.kind === 'no-name')
    throw new TransferError({ kind: 'no-name', file: decision.transfer.file, wildcard: decision.wildcard });
  const { version, deliveries } = decision;
  const available = { ...result, outcome: { kind: 'available', version, deliveries } } as const;
  if (updating.check || updating.dryRun) return available;
  return { result: available, version, deliveries, fetched: await acquireAll(context, deliveries) };
}
