import { parseImagePolicy } from '../../../src/images/policy/parse.js';
import { findTraps, type Trap } from '../../../src/images/policy/traps.js';

const SIGNED = 'root=signed+absent:usr=signed+absent';

test.each<[string, Trap[]]>([
  [SIGNED, []],
  ['*', [{ kind: 'unprotected-too', designators: ['root', 'usr'] }]],
  ['-', [{ kind: 'uses-nothing' }]],
  ['~', [{ kind: 'uses-nothing' }]],
  [`${SIGNED}:home=verity`, [{ kind: 'impossible', designator: 'home' }]],
  ['root=signed:usr=signed', [{ kind: 'needs-both' }]],
  ['root=signed', [{ kind: 'not-mentioned', designator: 'usr' }]],
  ['root=signed:usr=ignore', []],
  ['root=signed:=ignore', []],
  ['root=verity+signed+absent:usr=absent', [{ kind: 'degrades', designators: ['root'] }]],
  [
    'root=verity+unprotected:usr=absent',
    [
      { kind: 'unprotected-too', designators: ['root'] },
      { kind: 'needs-companion', designator: 'root-verity', data: 'root' },
    ],
  ],
  ['root=unprotected:usr=unused', [{ kind: 'unused-needed', designator: 'usr' }]],
  [
    'root=unprotected+read-only-on+growfs-on:usr=absent',
    [
      { kind: 'refuses-bare', attribute: 'read-only' },
      { kind: 'refuses-bare', attribute: 'growfs' },
    ],
  ],
  ['root=absent:usr=unprotected+read-only-on', []],
])('%s', (policy, traps) => {
  expect(findTraps(parseImagePolicy(policy))).toEqual(traps);
});
