import fc from 'fast-check';
import { DESIGNATORS } from '../../src/images/policy/designator.js';
import { ATTRIBUTE_FLAGS, FLAGS, SHORTCUTS, USES } from '../../src/images/policy/flag.js';

const blanks = fc.constantFrom('', '', '', ' ', '\t');

/** Often few of a kind, since what goes without saying is what is hard. */
const flags = fc.oneof(
  fc.array(fc.constantFrom(...FLAGS, ...Object.keys(SHORTCUTS)), { minLength: 1, maxLength: 8 }),
  fc.uniqueArray(fc.constantFrom('verity', 'signed', 'unprotected', 'unused', 'absent'), { maxLength: 3 }),
  fc.constantFrom(['-'], [], ['absent'], ['ignore'], ['open'], ['read-only-on', 'read-only-off']),
);

const designators = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom<string>(...DESIGNATORS),
    fc.constantFrom('root', 'root-verity', 'root-verity-sig', ''),
  ),
  { minLength: 1, maxLength: 5 },
);

/** Policies that can be read, in all the ways in which they can be written. */
export const anyPolicy: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('*', '-', '~', '') },
  {
    weight: 20,
    arbitrary: designators.chain((names) =>
      fc
        .tuple(fc.array(flags, { minLength: names.length, maxLength: names.length }), blanks)
        .map(([lists, blank]) =>
          names
            .map(
              (name, index) =>
                `${blank}${name}${blank}=${lists[index]!.map((flag) => blank + flag + blank).join('+')}`,
            )
            .join(':'),
        ),
    ),
  },
);

/** Policies with something wrong in them, mostly. */
export const brokenPolicy: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'root',
      'usr',
      'foo',
      '=',
      '=',
      '=',
      ':',
      ':',
      '+',
      'verity',
      'absent',
      'bar',
      '-',
      '*',
      '~',
      ' ',
    ),
    { maxLength: 12 },
  )
  .map((words) => words.join(''));

/** Policies for what images often have, with words that make a difference there; nothing about file systems. */
export const policyFor: fc.Arbitrary<string> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(
        'root',
        'root',
        'usr',
        'home',
        'swap',
        'root-verity',
        'root-verity-sig',
        'usr-verity',
        '',
      ),
      fc.uniqueArray(
        fc.constantFrom(...USES, ...ATTRIBUTE_FLAGS, 'absent', 'ignore', 'unprotected', 'verity', 'signed'),
        {
          maxLength: 4,
        },
      ),
    ),
    { minLength: 1, maxLength: 3, selector: ([designator]) => designator },
  )
  .map((rules) => rules.map(([designator, words]) => `${designator}=${words.join('+')}`).join(':'));
