import { allowing } from '../../src/cli/layers/allow-file.js';

test('patterns, comments, and those that fit nothing', () => {
  const allowed = allowing(
    '# all of it\n/usr/share/**  # texts\nusr/bin/*.sh\n\n**/*.so.*\n/opt/{a,b}/x\n/usr/lib/never\n',
  );
  const paths = ['/usr/share/doc/.hidden', '/usr/bin/a.sh', '/usr/lib/x/libc.so.6', '/opt/b/x'];
  expect(paths.filter((path) => !allowed.matches(path))).toEqual([]);
  expect(['/usr/bin/a/b.sh', '/usr/sharex', '/opt/c/x'].filter((path) => allowed.matches(path))).toEqual([]);
  expect(allowed.unused()).toEqual(['/usr/lib/never']);
});
