import fc from 'fast-check';
import { guidBytes, readGuid } from '../../../src/images/disk/guid.js';

/** UEFI Specification 2.10, appendix A: the EFI System Partition, as its bytes stand on disk. */
const ESP = Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex');

test('the first three groups are little-endian', () => {
  expect(readGuid(ESP)).toBe('c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
  expect(guidBytes('C12A7328-F81F-11D2-BA4B-00A0C93EC93B')).toEqual(ESP);
});

test('there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(20), (bytes, offset) => {
      const text = readGuid(Buffer.concat([Buffer.alloc(offset), bytes]), offset);
      expect(text).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(guidBytes(text)).toEqual(Buffer.from(bytes));
    }),
  );
});

test('too few bytes, and text that is none', () => {
  expect(() => readGuid(ESP, 1)).toThrow(RangeError);
  for (const text of ['', 'c12a7328f81f11d2ba4b00a0c93ec93b', 'g12a7328-f81f-11d2-ba4b-00a0c93ec93b'])
    expect(() => guidBytes(text)).toThrow(SyntaxError);
});
