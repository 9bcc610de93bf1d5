import { fitnessOf, judge } from '../../src/doctor/judge.js';
import type { Leftovers } from '../../src/doctor/leftovers.js';
import { SAMPLES } from './samples.js';

test.each(SAMPLES)('%j', (finding, verdict, feature) => {
  expect(judge(finding)).toEqual({ verdict, feature });
});

const NOTHING: Leftovers = { left: [], atWork: null, untold: [] };
const of = (wanted: string, feature: string) =>
  SAMPLES.flatMap(([finding, verdict, what]) => (verdict === wanted && what === feature ? finding : []));
const fine = SAMPLES.flatMap(([finding, verdict]) => (verdict === 'fine' ? finding : []));
const others = SAMPLES.flatMap(([finding, , feature]) => (feature === 'directories' ? [] : finding));

test('what is missing for other things than directories does not make a machine unfit', () => {
  expect(fitnessOf([...fine, ...others, ...of('warning', 'directories')], NOTHING)).toBe('fit');
});

test('what directories need does, and what could not be told is said', () => {
  for (const finding of of('missing', 'directories')) {
    expect(fitnessOf([...fine, finding], NOTHING)).toBe('unfit');
    expect(fitnessOf([...of('untold', 'directories'), finding], NOTHING)).toBe('unfit');
  }
  for (const finding of of('untold', 'directories'))
    expect(fitnessOf([...fine, finding], NOTHING)).toBe('untold');
});

test('what is left of killed calls counts, what another call is at work on does not', () => {
  expect(fitnessOf(fine, { ...NOTHING, left: [{ kind: 'trace', path: '/x' }] })).toBe('unfit');
  expect(fitnessOf(fine, { ...NOTHING, untold: ['/x'] })).toBe('untold');
  expect(fitnessOf(fine, { ...NOTHING, atWork: { process: '1' } })).toBe('fit');
});
