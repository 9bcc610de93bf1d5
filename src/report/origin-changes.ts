import type { RefreshReason } from '../overlay/compare-origin.js';
import { quoted } from './printable.js';

/** Why a refresh is not skipped, a line for each reason. */
export function describeRefreshReason(change: RefreshReason): string {
  switch (change.kind) {
    case 'other-hierarchies':
      return 'Other hierarchies are merged than would be now.';
    case 'unknown-record':
      return 'What was merged has no record that can be compared, as after a merge by systemd-sysext.';
    case 'mutable-mode':
      return `The mutable mode was ${change.before} and is ${change.now} now.`;
    case 'write-directory':
      return `The write directory of ${quoted(change.hierarchy)} was ${orNone(change.before)} and is ${orNone(change.now)} now.`;
    case 'mount-options':
      return `The mount options were ${orNone(change.before)} and are ${orNone(change.now)} now.`;
    case 'choice':
      return 'Other extensions were chosen, or in another order.';
    case 'added':
      return `Extension ${quoted(change.extension)} is new.`;
    case 'removed':
      return `Extension ${quoted(change.extension)} is no longer used.`;
    case 'moved':
      return `Extension ${quoted(change.extension)} was ${quoted(change.before)} and is ${quoted(change.now)} now.`;
    case 'replaced':
      return `Extension ${quoted(change.extension)} is another file or has other content (${change.fields.join(', ')}).`;
    case 'protection':
      return `The protection of extension ${quoted(change.extension)} was ${quoted(change.before)} and is ${quoted(change.now)} now.`;
  }
}

function orNone(value: string | null): string {
  return value === null ? 'none' : quoted(value);
}
