import { extension, HOST } from '../support/fixtures.js';
import { directory, type Tree } from '../support/tree.js';
import type { Call, Scenario } from './scenario.js';
import { differential } from './suite.js';

/** Mounts below a hierarchy: what shows where, after each call. */
const TREE: Tree = {
  ...HOST,
  'usr/place': directory(),
  'usr/place/below': directory(),
  'srv/data/inner/file': 'from srv\n',
  ...extension('a'),
};

const BIND = 'mount --bind srv/data usr/place';
const TMPFS = 'mount -t tmpfs -o mode=0755 mine usr/place; echo mine > usr/place/file';

/** Something is mounted, and then these calls are made. */
const after = (script: string, ...calls: readonly (Call | string)[]): (Call | string)[] => {
  const [first = 'merge', ...rest] = calls;
  return [{ ...(typeof first === 'string' ? { args: first } : first), script }, ...rest];
};

const KINDS: Readonly<Record<string, string>> = {
  'a bind': BIND,
  'a bind that is read-only': `${BIND}; mount -o remount,bind,ro usr/place`,
  'a bind of a file': 'mount --bind srv/data/inner/file usr/bin/host',
  'a tmpfs': TMPFS,
  'two, one in the other': `${BIND}; mount -t tmpfs -o mode=0755 deeper usr/place/inner`,
  'a recursive bind': 'mount -t tmpfs -o mode=0755 deeper srv/data/inner; mount --rbind srv/data usr/place',
};

/*
 * Two mounts on one place are carried by ours, and not as they should be by the original: with shared propagation
 * its merge takes off the copy of the second one at the source of the bind, and with private propagation
 * its refresh leaves the old merge in place. So each is compared where that plays no part.
 */
const TWO = 'two, one on the other';
const BEFORE = { ...KINDS, [TWO]: `${BIND}; mount --make-private usr/place; ${TMPFS}` };
const WHILE_MERGED = { ...KINDS, [TWO]: `${BIND}; ${TMPFS}` };

const scenario = (one: Scenario): Scenario => ({ since: 262, root: true, ...one });

differential(
  'before the merge',
  Object.entries(BEFORE).flatMap(([name, script]) => [
    scenario({
      name: `${name}: merge, refresh, unmerge`,
      tree: TREE,
      calls: after(script, 'merge', { args: 'refresh', before: { add: extension('b') } }, 'unmerge'),
    }),
  ]),
);

differential(
  'while merged',
  Object.entries(WHILE_MERGED).flatMap(([name, script]) => [
    scenario({
      name: `${name}: refresh, unmerge`,
      tree: TREE,
      calls: ['merge', ...after(script, { args: 'refresh', before: { add: extension('b') } }, 'unmerge')],
    }),
    scenario({ name: `${name}: unmerge`, tree: TREE, calls: ['merge', ...after(script, 'unmerge')] }),
  ]),
);

differential('below a hierarchy that no extension has', [
  scenario({
    name: 'a tmpfs: merge, unmerge',
    tree: { ...TREE, 'opt/host': 'from the host\n', 'opt/place': directory() },
    calls: after(
      'mount -t tmpfs mine opt/place',
      {
        args: 'merge',
        differs: ['covered-hierarchy'],
        expects: { mounts: /^(?!\/opt )/, tree: /"opt\/host"/ },
      },
      { args: 'unmerge', differs: ['covered-hierarchy'], expects: { tree: /"opt\/host"/ } },
      { args: 'unmerge', script: 'umount opt/place; ! mountpoint -q opt || umount opt' },
    ),
  }),
]);

differential(
  'writable',
  ['yes', 'ephemeral'].flatMap((mode) => [
    scenario({
      name: `a tmpfs before a merge with ${mode}`,
      tree: TREE,
      calls: after(TMPFS, `merge --mutable=${mode}`, 'unmerge'),
    }),
    scenario({
      name: `a bind made while merged with ${mode}`,
      tree: TREE,
      calls: [`merge --mutable=${mode}`, ...after(BIND, 'unmerge')],
    }),
  ]),
);
