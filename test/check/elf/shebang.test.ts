import fc from 'fast-check';
import { parseShebang, SCRIPT_START, wantedOfEnv } from '../../../src/check/elf/shebang.js';

const parse = (text: string) => parseShebang(Buffer.from(text).subarray(0, SCRIPT_START));

test.each([
  ['#!/bin/sh\n', { interpreter: '/bin/sh', argument: null, isCut: false }],
  ['#! \t/bin/sh \n', { interpreter: '/bin/sh', argument: null, isCut: false }],
  ['#!/bin/sh', { interpreter: '/bin/sh', argument: null, isCut: false }],
  ['#!/usr/bin/env -S a  b \nc', { interpreter: '/usr/bin/env', argument: '-S a  b', isCut: false }],
  ['#!/bin/sh\r\n', { interpreter: '/bin/sh\r', argument: null, isCut: false }],
  [`#!/bin/sh ${'x'.repeat(300)}`, { interpreter: '/bin/sh', argument: 'x'.repeat(245), isCut: false }],
  [`#!/${'x'.repeat(300)}`, { interpreter: `/${'x'.repeat(252)}`, argument: null, isCut: true }],
])('%j', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each(['', '#', '#!', '#!\n/bin/sh', '#! \n', ' #!/bin/sh', 'MZ'])('%j is no script', (text) => {
  expect(parse(text)).toBeNull();
});

test('any bytes are a script or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: SCRIPT_START }), (bytes) => {
      const found = parseShebang(Buffer.concat([Buffer.from('#!'), bytes]).subarray(0, SCRIPT_START));
      expect(found?.interpreter ?? 'none').not.toMatch(/[ \t\n\0]|^$/);
    }),
  );
});

test.each([
  [null, { kind: 'none' }],
  ['python3', { kind: 'program', name: 'python3' }],
  ['python3 -u', { kind: 'not-split', name: 'python3 -u' }],
  ['-S python3 -u', { kind: 'program', name: 'python3' }],
  ['-Spython3', { kind: 'program', name: 'python3' }],
  ['-vS A=1 B= python3 x=y', { kind: 'program', name: 'python3' }],
  ['--split-string=-i sh', { kind: 'program', name: 'sh' }],
  ['-S -u HOME sh', { kind: 'none' }],
  ["-S 'a b'", { kind: 'none' }],
  ['-i', { kind: 'none' }],
  ['A=1', { kind: 'none' }],
])('env(1) with %j', (argument, expected) => {
  expect(wantedOfEnv(argument)).toEqual(expected);
});
