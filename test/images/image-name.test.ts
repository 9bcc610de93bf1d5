import fc from 'fast-check';
import { checkImageName, imageNameOf, parseVersionedDirectoryName } from '../../src/images/image-name.js';
import { anyText } from '../support/text.js';

test.each([
  ['', 'empty'],
  ['.', 'dot'],
  ['..', 'dot'],
  ['a/b', 'slash'],
  ['a\nb', 'control-character'],
  ['a\tb', 'control-character'],
  ['a\x7f', 'control-character'],
  ['a\0', 'control-character'],
  ['a\ud800', 'not-utf8'],
  ['a\ufdd0', 'not-utf8'],
  ['a\u{1ffff}', 'not-utf8'],
  ['.#foo', 'temporary'],
  ['a'.repeat(256), 'too-long'],
  ['é'.repeat(128), 'too-long'],
])('%j is no name for an image: %s', (name, kind) => {
  expect(checkImageName(name)).toEqual({ kind });
});

test.each(['foo', '...', '.foo', '#foo', 'a b', 'é', 'a\u0085', 'a\ufffd', 'a'.repeat(255)])(
  '%j is a name for an image',
  (name) => {
    expect(checkImageName(name)).toBeNull();
    expect(checkImageName(Buffer.from(name))).toBeNull();
  },
);

test.each([[[0x66, 0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xc3]]])(
  'the bytes %j are no UTF-8',
  (bytes) => {
    expect(checkImageName(Buffer.from(bytes))).toEqual({ kind: 'not-utf8' });
  },
);

test('a name and its bytes are judged alike', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 8 }), (name) => {
      expect(checkImageName(Buffer.from(name))).toEqual(checkImageName(name));
    }),
  );
});

test.each([
  ['foo', 'directory', 'foo'],
  ['foo.sysext', 'directory', 'foo'],
  ['foo.confext', 'directory', 'foo.confext'],
  ['foo.raw', 'directory', 'foo.raw'],
  ['foo.sysext.sysext', 'directory', 'foo.sysext'],
  ['foo.raw', 'file', 'foo'],
  ['foo.sysext.raw', 'file', 'foo'],
  ['foo.confext.raw', 'file', 'foo.confext'],
  ['foo.raw.raw', 'file', 'foo.raw'],
  ['foo_1.2.raw', 'file', 'foo_1.2'],
  ['.raw', 'file', ''],
  ['foo', 'file', null],
  ['foo.sysext', 'file', null],
  ['foo.RAW', 'file', null],
  ['foo.raw', 'block', 'foo.raw'],
  ['foo.sysext', 'block', 'foo.sysext'],
] as const)('%s as a %s is the image %j', (fileName, kind, name) => {
  expect(imageNameOf(fileName, kind, '.sysext')).toBe(name);
});

test.each([
  ['foo.v', 'foo', '', 'directory'],
  ['foo.raw.v', 'foo', '.raw', 'file'],
  ['foo.sysext.v', 'foo', '.sysext', 'directory'],
  ['foo.sysext.raw.v', 'foo', '.sysext.raw', 'file'],
  ['foo.confext.raw.v', 'foo.confext', '.raw', 'file'],
  ['foo.v.v', 'foo.v', '', 'directory'],
  ['.v', '', '', 'directory'],
  ['.sysext.raw.v', '', '.sysext.raw', 'file'],
] as const)('%s holds versions of %j, ending in %j: each a %s', (fileName, name, suffix, wants) => {
  expect(parseVersionedDirectoryName(fileName, '.sysext')).toEqual({ name, suffix, wants });
});

test.each(['foo', 'foo.raw', 'foo.vv', 'v', 'foo.V'])('%s is no versioned directory', (fileName) => {
  expect(parseVersionedDirectoryName(fileName, '.sysext')).toBeNull();
});
