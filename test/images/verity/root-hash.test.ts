import { parseRootHash, rootHashFromUuids } from '../../../src/images/verity/root-hash.js';

const HEX = '57d5b9bbd5a3ae1b9a3d76bcbd9e4a1d1f0c2b3a495867768594a3b2c1d0e0f0';
const HASH = Buffer.from(HEX, 'hex');

describe('text', () => {
  test.each([
    HEX,
    `${HEX}\n`,
    `${HEX}\r\n`,
    `${HEX}\0`,
    `${HEX}\n\nanything else`,
    `\t${HEX} `,
    `${HEX.slice(0, 20)} ${HEX.slice(20)}`,
    HEX.toUpperCase(),
  ])('%j', (text) => {
    expect(parseRootHash(text)).toEqual({ kind: 'root-hash', hash: HASH });
  });

  test('128 bit', () => {
    expect(parseRootHash(HEX.slice(0, 32))).toEqual({ kind: 'root-hash', hash: HASH.subarray(0, 16) });
  });

  test.each([
    ['', 'empty'],
    ['\n', 'empty'],
    [`\n${HEX}`, 'empty'],
    [`${HEX.slice(1)}`, 'odd-number-of-digits'],
    [HEX.slice(0, 30), 'too-short'],
    [`0x${HEX}`, 'no-hexadecimal-digits'],
    [`sha256:${HEX}`, 'no-hexadecimal-digits'],
    [`${HEX}\u00a0`, 'no-hexadecimal-digits'],
    [HEX.repeat(10), 'too-long'],
  ])('%j: %s', (text, problem) => {
    expect(parseRootHash(text)).toEqual({
      kind: 'malformed-root-hash',
      problem,
      text: text.slice(0, 80),
    });
  });
});

describe('UUIDs of partitions', () => {
  test('one after the other', () => {
    const [data, verity] = ['57d5b9bb-d5a3-ae1b-9a3d-76bcbd9e4a1d', '1f0c2b3a-4958-6776-8594-a3b2c1d0e0f0'];
    expect(rootHashFromUuids(data, verity)).toEqual(HASH);
    expect(rootHashFromUuids(data.toUpperCase(), verity)).toEqual(HASH);
  });

  test.each([
    '',
    HEX.slice(0, 32),
    '57d5b9bb-d5a3-ae1b-9a3d-76bcbd9e4a1',
    '57d5b9bb-d5a3-ae1b-9a3d-76bcbd9e4a1d\n',
  ])('%j is none', (text) => {
    expect(rootHashFromUuids(text, '1f0c2b3a-4958-6776-8594-a3b2c1d0e0f0')).toBeNull();
  });
});
