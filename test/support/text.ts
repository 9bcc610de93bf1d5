import fc from 'fast-check';

/** Any character but halves of surrogate pairs, half of the time one of the first 256. */
const CHARACTER = fc
  .oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff - 0x800 }))
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/**
 * Any text that can be written as UTF-8. As `fc.string({ unit: 'binary' })`, which needs a second to make itself ready
 * in every test file.
 */
export function anyText(more: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  return fc.string({ unit: CHARACTER, ...more });
}
