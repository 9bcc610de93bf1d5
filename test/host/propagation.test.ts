import { findPropagation } from '../../src/host/propagation.js';

const TABLE = [
  '20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw',
  '21 20 8:2 / /usr rw,nodev - ext4 /dev/sda2 rw',
  '22 20 0:3 / /opt rw master:5 - tmpfs tmpfs rw',
  '23 20 0:4 / /a\\040b rw shared:7 master:5 - tmpfs tmpfs rw',
  '24 20 0:5 / /u rw unbindable - tmpfs shared:9 rw',
].join('\n');

test.each([
  ['/', 'shared'],
  ['/var/lib', 'shared'],
  ['/usr/share', 'private'],
  ['/opt', 'slave'],
  ['/a b/c', 'shared'],
  ['/u', 'unbindable'],
])('%s: %s', (path, wanted) => {
  expect(findPropagation(TABLE, path)).toBe(wanted);
});

test('nothing is known without a table', () => {
  expect(findPropagation('', '/')).toBeNull();
});
