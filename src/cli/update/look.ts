import { decideUpdate, type UpdateDecision } from '../../update/decide.js';
import { type FitSettings, leaveOutUnfit, type Unfit } from '../../update/sidecar.js';
import { type Manifests, takeStock } from '../../update/stock.js';
import type { Component } from '../../update/transfer-files.js';

/** What an update of a component would do. */
export interface Outlook {
  readonly component: Component;
  readonly decision: UpdateDecision;
  /** Newer versions that are not made for this host. */
  readonly unfit: readonly Unfit[];
}

/**
 * Asks the sources of a component, looks at what is installed, and decides. Changes nothing.
 *
 * @param verify `null`: as the transfer files say
 * @throws ManifestError, DownloadError, the errors of reading directories
 */
export async function lookAhead(
  component: Component,
  manifests: Manifests,
  verify: boolean | null,
  fit: FitSettings,
): Promise<Outlook> {
  const unfit: Unfit[] = [];
  const stocks = [];
  for (const transfer of component.transfers) {
    const looked = await leaveOutUnfit(await takeStock(transfer, manifests, verify), manifests, verify, fit);
    stocks.push(looked.stock);
    unfit.push(...looked.unfit);
  }
  return { component, decision: decideUpdate(stocks), unfit };
}
