import { findReadOnly } from '../../src/host/read-only.js';

const TABLE = [
  '20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw',
  '21 20 8:2 / /usr ro,nodev - ext4 /dev/sda2 rw',
  '22 20 0:3 / /opt rw master:5 - overlay overlay ro,lowerdir=/a',
  '23 21 0:4 / /usr/local rw - tmpfs tmpfs rw,size=1k',
].join('\n');

test.each([
  ['/var', false],
  ['/usr/share', true],
  ['/opt', true],
  ['/usr/local/bin', false],
])('%s: %s', (path, wanted) => {
  expect(findReadOnly(TABLE, path)).toBe(wanted);
});

test('nothing is known without a table', () => {
  expect(findReadOnly('', '/')).toBe(false);
});
