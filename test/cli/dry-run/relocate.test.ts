import { relocate } from '../../../src/cli/dry-run/relocate.js';

test('paths at and below a directory move, whatever they are in, and nothing else', () => {
  const bytes = Buffer.from('/tmp/look/a');
  const value = {
    at: '/tmp/look',
    list: ['/tmp/look/a', '/tmp/look-alike', 'x/tmp/look/a', 'options,lowerdir=/tmp/look/a'],
    inner: { size: 5n, none: null, bytes, file: '/tmp/look/ü/\n' },
  };
  expect(relocate(value, '/tmp/look', '/run/w')).toEqual({
    at: '/run/w',
    list: ['/run/w/a', '/tmp/look-alike', 'x/tmp/look/a', 'options,lowerdir=/tmp/look/a'],
    inner: { size: 5n, none: null, bytes, file: '/run/w/ü/\n' },
  });
});
