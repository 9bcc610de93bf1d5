import { parseImagePolicy } from '../../../src/images/policy/parse.js';
import { describeTraps, trapsToJson } from '../../../src/report/image-policy/traps.js';

test.each([
  ['~', /^Neither root nor usr is ever used/],
  ['=signed+absent:home=verity', /^No disk image fulfils the rule for home/],
  ['root=signed:usr=signed', /add 'absent' to both rules\.$/],
  ['root=signed', /^There is no rule for usr, .* nothing but the tree for \/usr are refused\.$/],
  ['=verity+signed+absent', /^For root and usr 'verity' stands beside 'signed'/],
  ['*', /^For root and usr 'unprotected' is allowed/],
  [
    'root=verity+encrypted:usr=absent',
    /^Disk images must have root-verity, although root may be used without it/,
  ],
  ['root=unprotected:usr=unused', /^'unused' alone means that usr must be there/],
  [
    'root=unprotected+read-only-on:usr=absent',
    /^'read-only-on' refuses all bare file systems: .* read-only\.$/,
  ],
  ['root=unprotected+growfs-on:usr=absent', /^'growfs-on' refuses all bare file systems: .* to be grown\.$/],
])('%s', (text, sentence) => {
  const policy = parseImagePolicy(text);
  expect(describeTraps(policy)).toEqual([expect.stringMatching(sentence)]);
  expect(trapsToJson(policy)).toEqual([expect.objectContaining({ text: describeTraps(policy)[0] })]);
});
