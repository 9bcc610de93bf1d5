import { directory } from '../support/tree.js';
import { confext, DEBIAN, extension, HOST } from './fixtures.js';
import type { Call } from './scenario.js';
import { interoperable } from './suite.js';

const TREE = {
  ...HOST,
  ...extension('a'),
  ...extension('b', { files: { 'opt/b': 'b', 'usr/share/b': 'b' } }),
};

const STATUS: Call = { args: 'status', differs: ['since-below-root'] };

// The calls alternate between ours and the original. A call that both parties shall make is there twice.
interoperable('taking turns', [
  { name: 'merge, unmerge', tree: TREE, calls: ['merge', 'unmerge'] },
  {
    name: 'merge, unmerge, and again',
    tree: TREE,
    calls: ['merge', 'unmerge', 'status', 'merge', 'merge', 'unmerge'],
  },
  { name: 'merge, merge', tree: TREE, calls: ['merge', 'merge', 'unmerge'] },
  {
    name: 'merge, status',
    since: 254,
    tree: TREE,
    calls: ['merge', STATUS, 'unmerge', 'merge', STATUS],
  },
  {
    name: 'merge, status as JSON',
    since: 254,
    tree: TREE,
    calls: [
      'merge',
      { args: 'status --json=short', differs: ['since-below-root'] },
      { args: 'status --json=pretty', differs: ['since-below-root'] },
      'unmerge',
    ],
  },
  { name: 'merge, list', tree: TREE, calls: ['merge', 'list', 'list --json=short', 'unmerge', 'list'] },
  {
    name: 'merge, refresh of an unchanged set',
    since: 262,
    tree: TREE,
    calls: ['merge', 'refresh', 'refresh', 'refresh --always-refresh=yes', 'refresh --always-refresh=yes'],
  },
  {
    name: 'merge, refresh with one more',
    tree: TREE,
    calls: ['merge', { args: 'refresh', before: { add: extension('c') } }, 'unmerge'],
  },
  {
    name: 'merge, refresh with one less',
    tree: TREE,
    calls: ['merge', { args: 'refresh', before: { remove: ['var/lib/extensions/b'] } }, 'unmerge'],
  },
  {
    name: 'merge, refresh with none left',
    tree: TREE,
    calls: [
      'merge',
      { args: 'refresh', before: { remove: ['var/lib/extensions/a', 'var/lib/extensions/b'] } },
    ],
  },
  {
    name: 'a missing hierarchy is made by one and merged by the other',
    tree: { 'usr/lib/os-release': DEBIAN, ...extension('b', { files: { 'opt/b': 'b' } }) },
    calls: ['merge', 'unmerge', 'merge', 'merge', 'unmerge'],
  },
  {
    name: 'configuration extensions',
    class: 'confext',
    since: 254,
    tree: { 'usr/lib/os-release': DEBIAN, etc: directory(), ...confext('a'), ...confext('b') },
    calls: ['merge', 'merge', 'list', { args: 'refresh', before: { add: confext('c') } }, 'unmerge'],
  },
  { name: 'on a disk', on: 'disk', tree: TREE, calls: ['merge', 'merge', 'list', 'unmerge'] },
]);
