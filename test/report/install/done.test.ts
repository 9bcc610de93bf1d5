import { SYSEXT } from '../../../src/extension-class.js';
import type { Image } from '../../../src/images/image.js';
import type { Placed } from '../../../src/images/switched-off.js';
import type { Installed } from '../../../src/install/installed.js';
import {
  describeInstalled,
  describeNotSwitched,
  describeRemoved,
  describeStaysMerged,
  describeSwitched,
  describeUncovered,
  describeWhatCounts,
} from '../../../src/report/install/done.js';
import { describeProgress } from '../../../src/report/install/progress.js';

const CALLER = { program: 'sysext', extensionClass: SYSEXT, root: '/' };
const PATH = '/var/lib/extensions/foo.raw.v/foo_1.raw';
const ONE: Installed = { name: 'foo', version: '1', path: PATH, how: 'new' };

const image = (path: string, version: string | null): Placed => {
  const winner = { kind: 'entry', file: 'x', architecture: null, triesLeft: null, triesDone: null } as const;
  const versions = version === null ? null : { winner: { ...winner, version }, losers: [], rejected: [] };
  const found: Image = { kind: 'raw', name: 'foo', path, entry: path, label: 'x', time: 0n, versions };
  return { kind: 'image', name: 'foo', place: '/var/lib/extensions', entry: path, image: found };
};

test('what was installed, and what a merge takes then', () => {
  expect(describeInstalled(ONE)).toBe(`Installed version 1 of 'foo' as '${PATH}'.`);
  expect(describeInstalled({ ...ONE, how: 'same' })).toBe(
    `Version 1 of 'foo' is installed already, as '${PATH}'.`,
  );
  expect(describeInstalled({ ...ONE, version: null, how: 'replaced' })).toMatch(
    /^Installed 'foo' as .*, in place of what was there; with a version both would be kept\.$/,
  );
  const counts = (...placed: Placed[]) => describeWhatCounts(ONE, placed, CALLER);
  expect(counts(image(PATH, '1'))).toEqual({ isTaken: true, message: "'sysext refresh' merges it." });
  expect(counts(image('/x/foo_2.raw', '2'))).toEqual({
    isTaken: false,
    message: "Version 2 is still the one that a merge takes; 'sysext rollback foo 1' changes that.",
  });
  expect(counts(image('/run/extensions/foo.raw', null)).message).toBe(
    "A merge takes '/run/extensions/foo.raw', which has the same name and comes first.",
  );
  const off = { name: 'foo', place: '/etc/extensions', entry: '/etc/extensions/foo' } as const;
  expect(counts({ ...off, kind: 'off', how: 'disabled' }).message).toBe(
    "'foo' is disabled by '/etc/extensions/foo', so it is not merged; 'sysext enable foo' changes that.",
  );
  expect(counts({ ...off, kind: 'off', how: 'by-hand' }).message).toContain(
    "'sysext unmask foo' changes that",
  );
});

test('what was removed and switched', () => {
  expect(describeRemoved('foo', [], '/x')).toBe("Removed 'foo' (/x).");
  expect(describeRemoved('foo', ['1'], '/x')).toBe("Removed version 1 of 'foo' (/x).");
  expect(describeRemoved('foo', ['2', '1'], '/x')).toBe("Removed versions 2, 1 of 'foo' (/x).");
  expect(describeStaysMerged('foo', ['/usr', '/opt'], CALLER)).toBe(
    "What is merged of 'foo' into '/usr', '/opt' stays until 'sysext refresh'.",
  );
  expect(describeUncovered('foo', '/x')).toMatch(
    /^'\/x' has the name 'foo' as well, and is what a merge takes/,
  );
  expect(describeSwitched('mask', 'foo', '/x')).toBe("Masked 'foo': made '/x'.");
  expect(describeSwitched('enable', 'foo', '/x')).toBe("Enabled 'foo': removed '/x'.");
  expect(describeNotSwitched('unmask', 'foo')).toBe("'foo' is not masked.");
});

test('progress', () => {
  expect(describeProgress('a.raw', 512, 2048)).toBe('a.raw: 512 B of 2 KiB (25 %)');
  expect(describeProgress('a\x1b.raw', 3 * 1024 ** 2 + 1, null)).toBe('a\\x1b.raw: 3 MiB');
  expect(describeProgress('a.raw', 0, 0)).toBe('a.raw: 0 B of 0 B');
});
