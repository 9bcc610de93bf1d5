import { type ImagePolicyError, parseImagePolicy } from '../../../src/images/policy/parse.js';
import { describeError } from '../../../src/report/errors.js';
import { describePolicyError } from '../../../src/report/image-policy/errors.js';

function failure(policy: string): string {
  try {
    parseImagePolicy(policy);
  } catch (error) {
    expect(describeError(error)).toEqual([describePolicyError(error as ImagePolicyError)]);
    return describePolicyError(error as ImagePolicyError);
  }
  throw new Error(`${policy} is an image policy`);
}

test.each([
  ['root', / 'root': no '=' in the rule 'root' at character 1; rules are PARTITION=FLAG/],
  ['root=:', /: an empty rule at character 7;/],
  ['root=:fo\x1bo=', /: there is no partition 'fo\\x1bo' \(at character 7; one of: root, usr, .*var\)\.$/],
  ['root=:root=', /: a second rule for 'root' at character 7; each can have one\.$/],
  ['=:=', /: a second rule for all other partitions at character 3/],
  ['root=verty', /: there is no flag 'verty' \(at character 6; one of: verity, .*, ignore\)\.$/],
  ['root=+verity', /: an empty flag \(at character 6;/],
])('%j', (policy, sentence) => {
  expect(failure(policy)).toMatch(sentence);
});
