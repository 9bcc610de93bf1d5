import type { Designator } from '../../../src/images/policy/designator.js';
import { effectiveRule, effectiveRules, type Origin } from '../../../src/images/policy/effective.js';
import { formatFlags } from '../../../src/images/policy/format.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';

const ATTRIBUTES = 'read-only-on+read-only-off+growfs-off+growfs-on';

const ruleOf = (policy: string, designator: Designator) =>
  effectiveRule(parseImagePolicy(policy), designator);
const flagsOf = (policy: string, designator: Designator) =>
  formatFlags(ruleOf(policy, designator).flags).replace(`+${ATTRIBUTES}`, '');

test.each<[string, Designator, string, string]>([
  ['of what is not said everything is meant', 'root', 'root=', 'open'],
  ['flags about other things do not limit the use', 'root', 'root=ext4', 'open+ext4'],
  [
    'one value of an attribute',
    'root',
    'root=verity+growfs-off',
    'verity+read-only-on+read-only-off+growfs-off',
  ],
  ['what is not there has no attributes', 'root', 'root=absent+read-only-on+ext4', 'absent+ext4'],
  ['what is not used has', 'root', 'root=ignore+read-only-on', 'ignore+read-only-on+growfs-off+growfs-on'],
  ['verity is for root and usr only', 'home', 'home=verity+unprotected', 'unprotected'],
  ['nothing may be left', 'home', 'home=verity', ATTRIBUTES],
  ['a hash tree is not encrypted', 'root-verity', '=', 'unprotected+unused+absent'],
  ['without a rule', 'usr', 'root=verity', 'ignore'],
  ['by the rule for all others', 'usr', 'root=verity:=absent', 'absent'],
  ['a hash tree is needed', 'root-verity', 'root=verity', 'unprotected'],
  ['a hash tree is needed for what is signed', 'root-verity', 'root=signed:=absent', 'unprotected'],
  ['a hash tree may be needed', 'root-verity', 'root=verity+unprotected+absent', 'unprotected+absent'],
  ['a hash tree is not needed', 'root-verity', 'root=unprotected:=absent', 'absent'],
  ['a hash tree of usr', 'usr-verity', 'usr=signed', 'unprotected'],
  ['a signature is needed', 'root-verity-sig', 'root=signed+unused', 'unprotected+unused'],
  ['a signature is not needed', 'root-verity-sig', 'root=verity', 'ignore'],
  ['its own rule', 'root-verity', 'root=verity:root-verity=absent', 'absent'],
  ['nothing is derived from the rule for all others', 'root-verity', '=verity+absent', 'absent'],
])('%s: %s in %s', (_, designator, policy, flags) => {
  expect(flagsOf(policy, designator)).toBe(flags);
});

test.each<[string, Designator, Origin]>([
  ['root=', 'root', { kind: 'rule' }],
  ['root=signed', 'root-verity', { kind: 'derived', from: 'root' }],
  ['root=signed', 'usr', { kind: 'otherwise', written: false }],
  ['root=signed:=absent', 'usr', { kind: 'otherwise', written: true }],
])('%s says of %s where it comes from', (policy, designator, origin) => {
  expect(ruleOf(policy, designator).origin).toEqual(origin);
});

test('there is a rule for each partition', () => {
  expect(effectiveRules(parseImagePolicy('~')).map(({ flags }) => flags)).toEqual(Array(13).fill(['absent']));
});
