import type { Delivery } from '../../update/decide.js';
import type { Unfit } from '../../update/sidecar.js';
import type { TransferFailure } from '../../update/transfer.js';
import type { Component } from '../../update/transfer-files.js';

/** What became of a component, or would become of it. */
export interface UpdateResult {
  readonly component: Component;
  /** What is installed of it as a whole, as the call began; `null`: nothing, or that was not looked at. */
  readonly installed: string | null;
  /** Newer versions that are not made for this host. */
  readonly unfit: readonly Unfit[];
  readonly outcome:
    | { readonly kind: 'disabled' }
    /** It has transfers that are for systemd-sysupdate(8); all of a component go together, or none. */
    | { readonly kind: 'not-ours'; readonly failure: TransferFailure }
    | { readonly kind: 'current' }
    /** Of a call that only looks. */
    | { readonly kind: 'available'; readonly version: string; readonly deliveries: readonly Delivery[] }
    /** Paths on the machine. */
    | {
        readonly kind: 'updated';
        readonly version: string;
        readonly put: readonly string[];
        readonly removed: readonly string[];
      }
    /** In sentences. */
    | { readonly kind: 'failed'; readonly lines: readonly string[] };
}
