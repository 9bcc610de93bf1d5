import { SYSEXT } from '../../src/extension-class.js';
import { describeUnmerged } from '../../src/report/unmerged.js';

const caller = { program: 'sysext', extensionClass: SYSEXT, root: '/' };

test.each([
  [[], true, null],
  [['a'], false, "Installed is 'a'; 'sysext plan merge' says what a merge would do."],
  [['a'], true, "Installed and not merged is 'a'; 'sysext explain a' says why."],
  [['a', 'b'], true, "Installed and not merged are 'a', 'b'; 'sysext explain' says why."],
  [[...'abcdef'], true, "Installed and not merged are 6 extensions; 'sysext explain' says why."],
  [['x\u001b'], true, "Installed and not merged is 'x\\x1b'; 'sysext explain' says why."],
] as const)('%j, others merged: %j', (names, isMerged, wanted) => {
  expect(describeUnmerged(names, isMerged, caller)).toBe(wanted);
});
