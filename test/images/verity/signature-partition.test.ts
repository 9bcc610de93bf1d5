import fc from 'fast-check';
import { bufferReader } from '../../../src/images/byte-reader.js';
import { readSignaturePartition } from '../../../src/images/verity/signature-partition.js';

const HASH = '57d5b9bbd5a3ae1b9a3d76bcbd9e4a1d1f0c2b3a495867768594a3b2c1d0e0f0';
const RIGHT = { rootHash: HASH, signature: 'MIIB' };
const FINGERPRINT = 'ab'.repeat(32);

const read = (content: string | Buffer, padding = 100) =>
  readSignaturePartition(bufferReader(Buffer.concat([Buffer.from(content), Buffer.alloc(padding)])));

const EXPECTED = {
  kind: 'signature',
  rootHash: Buffer.from(HASH, 'hex'),
  signature: Buffer.from('MIIB', 'base64'),
  certificateFingerprint: null,
};

/** All of it is taken by systemd 262, too. */
describe('taken', () => {
  test.each<[string, string]>([
    ['as it should be', JSON.stringify(RIGHT)],
    ['with white space', `\n${JSON.stringify(RIGHT, null, '\t')}\n `],
    ['upper case', JSON.stringify({ ...RIGHT, rootHash: HASH.toUpperCase() })],
    ['base64 in lines', JSON.stringify({ ...RIGHT, signature: 'MI\nIB\r\n' })],
    [
      'other fields',
      JSON.stringify({ a: { rootHash: 1, b: [{ rootHash: 2 }] }, ...RIGHT, c: ['d', 'd', 'e'] }),
    ],
    ['a fingerprint that is none', JSON.stringify({ ...RIGHT, certificateFingerprint: 'abc' })],
    ['a fingerprint that is no text', JSON.stringify({ ...RIGHT, certificateFingerprint: 1 })],
  ])('%s', (_, content) => {
    expect(read(content)).toEqual(EXPECTED);
  });

  test('without padding', () => {
    expect(read(JSON.stringify(RIGHT), 0)).toEqual(EXPECTED);
  });

  test('base64 without padding', () => {
    expect(read(JSON.stringify({ ...RIGHT, signature: 'MI' }))).toMatchObject({
      signature: Buffer.from('0'),
    });
  });

  test('a fingerprint', () => {
    expect(read(JSON.stringify({ ...RIGHT, certificateFingerprint: FINGERPRINT }))).toEqual({
      ...EXPECTED,
      certificateFingerprint: Buffer.from(FINGERPRINT, 'hex'),
    });
  });
});

describe('refused', () => {
  const text = JSON.stringify(RIGHT);
  test.each<[string, string, string | Buffer]>([
    ['nothing', 'json', ''],
    ['an array', 'json', `[${text}]`],
    ['null', 'json', 'null'],
    ['text after it', 'json', `${text} x`],
    ['a comment', 'json', `/* */${text}`],
    [
      'not UTF-8',
      'json',
      Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]),
    ],
    ['a name twice', 'json', `{"rootHash":"00",${text.slice(1)}`],
    ['a name twice, once with an escape', 'json', `{"root\\u0048ash":"00",${text.slice(1)}`],
    ['any name twice', 'json', `{"a":{"b":1},"a":2,${text.slice(1)}`],
    ['something behind the padding', 'padding', `${text}\0\0x`],
    ['no root hash', 'rootHash', '{"signature":"MIIB"}'],
    ['a root hash that is inherited', 'rootHash', '{"__proto__":{"rootHash":"00"},"signature":"MIIB"}'],
    ['a number as root hash', 'rootHash', '{"rootHash":1e400,"signature":"MIIB"}'],
    ['an odd root hash', 'rootHash', JSON.stringify({ ...RIGHT, rootHash: HASH.slice(1) })],
    ['no signature', 'signature', JSON.stringify({ rootHash: HASH })],
    ['null as signature', 'signature', JSON.stringify({ ...RIGHT, signature: null })],
    ['an empty signature', 'signature', JSON.stringify({ ...RIGHT, signature: '' })],
    ['no base64', 'signature', JSON.stringify({ ...RIGHT, signature: 'M*IB' })],
    ['base64 for URLs', 'signature', JSON.stringify({ ...RIGHT, signature: 'M-_B' })],
    ['too much padding', 'signature', JSON.stringify({ ...RIGHT, signature: 'MIIB====' })],
    ['one character too many', 'signature', JSON.stringify({ ...RIGHT, signature: 'MIIBM' })],
  ])('%s', (_, field, content) => {
    expect(read(content)).toMatchObject({ kind: 'damaged-signature-partition', field });
  });

  test('more than 4 MiB, unread', () => {
    const partition = {
      size: 4n * 1024n * 1024n + 1n,
      read: () => {
        throw new Error('read');
      },
    };
    expect(readSignaturePartition(partition)).toMatchObject({ field: 'size' });
  });

  test.each([
    ['arrays', '['],
    ['objects', '{"a":'],
  ])('2 MiB of nested %s', (_, piece) => {
    const nested = piece.repeat(2_000_000 / piece.length);
    expect(read(nested)).toMatchObject({ field: 'json' });
    const closed = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)},${text.slice(1)}`;
    expect(['signature', 'damaged-signature-partition']).toContain(read(closed).kind);
  });

  test('a signature of 4 MiB', () => {
    const full = JSON.stringify({ ...RIGHT, signature: 'A'.repeat(4_000_000) });
    expect(read(full)).toMatchObject({ kind: 'signature' });
    expect(read(full.replace('A"', '*"'))).toMatchObject({ field: 'signature' });
  });
});

test('whatever the bytes, there is an answer', () => {
  const text = JSON.stringify({ ...RIGHT, certificateFingerprint: FINGERPRINT, x: [{ y: 'z' }] });
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(4), fc.string({ unit: 'binary' }), (at, gone, added) => {
      const content = text.slice(0, at) + added + text.slice(at + gone);
      const { kind } = read(content);
      const json = content.replace(/\0+$/, '');
      if (kind === 'signature') expect(Object.keys(JSON.parse(json) as object)).toContain('rootHash');
    }),
    { numRuns: 500 },
  );
});
