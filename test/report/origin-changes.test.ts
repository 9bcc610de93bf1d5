import type { RefreshReason } from '../../src/overlay/compare-origin.js';
import { describeRefreshReason } from '../../src/report/origin-changes.js';
import { DANGEROUS, makeHostile } from './hostile.js';

const CASES: readonly (readonly [RefreshReason, string])[] = [
  [
    { kind: 'other-hierarchies', before: ['/usr'], now: ['/usr', '/opt'] },
    'Other hierarchies are merged than would be now.',
  ],
  [
    { kind: 'unknown-record' },
    'What was merged has no record that can be compared, as after a merge by systemd-sysext.',
  ],
  [
    { kind: 'mutable-mode', before: 'no', now: 'ephemeral-import' },
    'The mutable mode was no and is ephemeral-import now.',
  ],
  [
    { kind: 'write-directory', hierarchy: '/usr', before: null, now: '/w' },
    "The write directory of '/usr' was none and is '/w' now.",
  ],
  [
    { kind: 'write-directory', hierarchy: '/usr', before: '/v', now: null },
    "The write directory of '/usr' was '/v' and is none now.",
  ],
  [
    { kind: 'mount-options', before: null, now: 'xino=off' },
    "The mount options were none and are 'xino=off' now.",
  ],
  [{ kind: 'mount-options', before: 'a', now: '' }, "The mount options were 'a' and are '' now."],
  [{ kind: 'added', extension: 'foo' }, "Extension 'foo' is new."],
  [{ kind: 'removed', extension: 'foo' }, "Extension 'foo' is no longer used."],
  [{ kind: 'moved', extension: 'foo', before: '/a', now: '/b' }, "Extension 'foo' was '/a' and is '/b' now."],
  [
    { kind: 'replaced', extension: 'foo', fields: ['inode', 'crtime'] },
    "Extension 'foo' is another file or has other content (inode, crtime).",
  ],
  [
    { kind: 'protection', extension: 'foo', before: 'verity', now: 'signed' },
    "The protection of extension 'foo' was 'verity' and is 'signed' now.",
  ],
];

test.each(CASES)('%j', (change, text) => {
  expect(describeRefreshReason(change)).toBe(text);
});

/** Records are files that anybody with the right to write to the merged tree may have changed; modes and fields are ours. */
test.each(CASES)('%j is one line, whatever the names', (change) => {
  const trusted = ['kind', 'fields', ...(change.kind === 'mutable-mode' ? ['before', 'now'] : [])];
  expect(describeRefreshReason(makeHostile(change, trusted))).not.toMatch(DANGEROUS);
});
