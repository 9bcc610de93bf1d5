import { formatFlags, formatImagePolicy, formatLongImagePolicy } from '../../../src/images/policy/format.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';

/** Seen at `systemd-analyze image-policy`; test/differential/image-policy.test.ts has many more. */
test.each([
  ['', '-', '=unused+absent'],
  ['root=ignore', '-', 'root=unused+absent:=unused+absent'],
  ['root=-:=-', '*', 'root=-:=-'],
  ['=absent:root=absent+growfs-on', '~', 'root=absent+growfs-on:=absent'],
  ['usr=signed:root=verity', 'root=verity:usr=signed', 'root=verity:usr=signed:=unused+absent'],
  [
    'root=ext4+read-only-on+read-only-off',
    'root=ext4',
    'root=read-only-on+read-only-off+ext4:=unused+absent',
  ],
  ['root=verity:usr=absent:=absent', 'root=verity:=absent', 'root=verity:usr=absent:=absent'],
  ['root=verity:usr=ignore', 'root=verity:usr=ignore', 'root=verity:usr=unused+absent:=unused+absent'],
  ['root=verity:=ignore', 'root=verity', 'root=verity:=unused+absent'],
])('%s', (written, short, long) => {
  const policy = parseImagePolicy(written);
  expect([formatImagePolicy(policy), formatLongImagePolicy(policy)]).toEqual([short, long]);
});

test('flags with their shortcuts', () => {
  expect(formatFlags(['unused', 'absent', 'ext4'])).toBe('ignore+ext4');
  expect(formatFlags(['absent'])).toBe('absent');
  expect(formatFlags([])).toBe('');
});
