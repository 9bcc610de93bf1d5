import fc from 'fast-check';
import { effectiveRules } from '../../../src/images/policy/effective.js';
import { formatImagePolicy, formatLongImagePolicy } from '../../../src/images/policy/format.js';
import {
  ImagePolicyError,
  parseImagePolicy,
  parseImagePolicyGracefully,
} from '../../../src/images/policy/parse.js';
import { anyPolicy, brokenPolicy } from '../../support/policies.js';
import { anyText } from '../../support/text.js';

const text = fc.oneof(anyText({ maxLength: 60 }), brokenPolicy, anyPolicy);

test.each([parseImagePolicy, parseImagePolicyGracefully])(
  'any text is a policy or has its error',
  (parse) => {
    fc.assert(
      fc.property(text, (policy) => {
        try {
          parse(policy);
        } catch (error) {
          expect(error).toBeInstanceOf(ImagePolicyError);
          const { problem } = error as ImagePolicyError;
          expect(policy.startsWith(problem.text, problem.position - 1)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  },
);

test('what is written is the same policy, and is written the same again', () => {
  fc.assert(
    fc.property(anyPolicy, (written) => {
      const policy = parseImagePolicy(written);
      expect(parseImagePolicy(formatLongImagePolicy(policy)).rules).toEqual(policy.rules);
      const short = formatImagePolicy(policy);
      const again = parseImagePolicy(short);
      expect(formatImagePolicy(again)).toBe(short);
    }),
    { numRuns: 500 },
  );
});

/** Where a hash tree or signature has a rule, the original leaves it out as well, though it then means another thing. */
test('the short form means the same', () => {
  fc.assert(
    fc.property(
      anyPolicy.filter((written) => !/-verity/.test(written)),
      (written) => {
        const policy = parseImagePolicy(written);
        expect(effectiveRules(parseImagePolicy(formatImagePolicy(policy))).map(({ flags }) => flags)).toEqual(
          effectiveRules(policy).map(({ flags }) => flags),
        );
      },
    ),
    { numRuns: 500 },
  );
});
