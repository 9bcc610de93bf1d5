import {
  ImagePolicyError,
  type PolicyProblem,
  parseImagePolicy,
  parseImagePolicyGracefully,
} from '../../../src/images/policy/parse.js';
import { DENY, IGNORE, OPEN } from '../../../src/images/policy/policy.js';

function problemOf(read: () => unknown): PolicyProblem | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof ImagePolicyError) return error.problem;
    throw error;
  }
}

test.each([
  ['*', OPEN],
  ['-', IGNORE],
  ['', IGNORE],
  ['~', DENY],
])('%j is a policy without rules', (text, policy) => {
  expect(parseImagePolicy(text)).toEqual(policy);
});

test('rules in any order, flags in theirs', () => {
  expect(parseImagePolicy('=absent:usr=squashfs+signed+verity+signed:root=-:home=')).toEqual({
    rules: { root: [], usr: ['verity', 'signed', 'squashfs'], home: [] },
    otherwise: ['absent'],
  });
});

test('shortcuts stand for their flags', () => {
  expect(parseImagePolicy('root=ignore+ext4').rules.root).toEqual(['unused', 'absent', 'ext4']);
  expect(parseImagePolicy('root=open').rules.root).toHaveLength(7);
});

test('blanks around words do not count', () => {
  expect(parseImagePolicy(' root\t= verity +\nsigned : usr = - ')).toEqual(
    parseImagePolicy('root=verity+signed:usr='),
  );
});

test.each<[string, PolicyProblem]>([
  ['bogus', { kind: 'no-equals', text: 'bogus', position: 1 }],
  [' ', { kind: 'no-equals', text: '', position: 2 }],
  ['root=verity: ', { kind: 'no-equals', text: '', position: 14 }],
  ['root=verity::usr=', { kind: 'no-equals', text: '', position: 13 }],
  ['* ', { kind: 'no-equals', text: '*', position: 1 }],
  ['root=verity: foo =x', { kind: 'unknown-designator', text: 'foo', position: 14 }],
  ['Root=verity', { kind: 'unknown-designator', text: 'Root', position: 1 }],
  ['__proto__=verity', { kind: 'unknown-designator', text: '__proto__', position: 1 }],
  ['root=:root=x', { kind: 'duplicate', text: 'root', position: 7 }],
  ['=:=', { kind: 'duplicate', text: '', position: 3 }],
  ['root=signed+ verty', { kind: 'unknown-flag', text: 'verty', position: 14 }],
  ['root=verity+', { kind: 'unknown-flag', text: '', position: 13 }],
  ['root=-+verity', { kind: 'unknown-flag', text: '-', position: 6 }],
  ['root=constructor', { kind: 'unknown-flag', text: 'constructor', position: 6 }],
  ['root=verity=signed', { kind: 'unknown-flag', text: 'verity=signed', position: 6 }],
  ['root=a:foo=b', { kind: 'unknown-flag', text: 'a', position: 6 }],
])('%j is none', (text, problem) => {
  expect(problemOf(() => parseImagePolicy(text))).toEqual(problem);
});

test('files for later versions are read as far as they can be understood', () => {
  expect(parseImagePolicyGracefully('root=verity+new:later=new:usr=new')).toEqual({
    policy: { rules: { root: ['verity'], usr: [] }, otherwise: null },
    leftOut: [
      { kind: 'unknown-flag', text: 'new', position: 13 },
      { kind: 'unknown-designator', text: 'later', position: 17 },
      { kind: 'unknown-flag', text: 'new', position: 31 },
    ],
  });
  expect(parseImagePolicyGracefully('root=verity').leftOut).toEqual([]);
});

test.each(['bogus', 'later=new:bogus', 'root=:root='])('%j cannot be read in any version', (text) => {
  expect(problemOf(() => parseImagePolicyGracefully(text))?.kind).toMatch(/no-equals|duplicate/);
});
