import { textOf } from '../../src/host/bytes.js';
import { knowsEmptyWhiteouts, parseMarks } from '../../src/layers/marks.js';

test('what getfattr(1) prints', () => {
  const text = [
    '# file: .',
    'trusted.overlay.opaque=0x79',
    '',
    '# file: a/b\\012c\xff',
    'trusted.overlay.opaque=0x79',
    'trusted.overlay.redirect=0x2f78',
    '',
    '# file: x',
    'trusted.overlay.opaque=0x78',
    '',
    '# file: gone',
    'trusted.overlay.whiteout',
    '',
  ].join('\n');
  expect(parseMarks(text, 'trusted.overlay.')).toEqual({
    opaque: new Set(['', 'a/b\nc\xff']),
    redirects: new Map([['a/b\nc\xff', '/x']]),
    whiteouts: new Set(['gone']),
    known: true,
  });
});

test('bytes as text', () => {
  const latin = (text: string) => Buffer.from(text).toString('latin1');
  expect(textOf(latin('aé日😀'))).toBe('aé日😀');
  expect(textOf(`a\xff\xc3${latin('é')}\xed\xa0\x80`)).toBe('a\\xff\\xc3é\\xed\\xa0\\x80');
});

test('which kernels take an empty file for a whiteout', () => {
  expect(['6.7.0-rc1', '6.18.44-cloud', '7.0'].filter((version) => !knowsEmptyWhiteouts(version))).toEqual(
    [],
  );
  expect(['6.6.99', '5.19.0', '6.1', ''].filter(knowsEmptyWhiteouts)).toEqual([]);
});
