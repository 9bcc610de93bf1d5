import { confext, DEBIAN, extension, HOST } from '../support/fixtures.js';
import { directory } from '../support/tree.js';
import type { Call } from './scenario.js';
import { interoperable } from './suite.js';

const TREE = {
  ...HOST,
  ...extension('a'),
  ...extension('b', { files: { 'opt/b': 'b', 'usr/share/b': 'b' } }),
};

const STATUS: Call = { args: 'status', differs: ['since-below-root'] };
const STATUS_JSON: Call = { args: 'status --json=pretty', differs: ['since-below-root'] };

// The calls alternate between ours and the original. A call that both parties shall make is there twice.
interoperable('taking turns', [
  {
    name: 'merge, unmerge, and again',
    tree: TREE,
    calls: ['merge', 'unmerge', 'status', 'merge', 'merge', 'merge', 'unmerge'],
  },
  {
    name: 'merge, status and list',
    since: 254,
    tree: TREE,
    calls: ['merge', STATUS, 'list', STATUS_JSON, 'list --json=short', STATUS],
  },
  {
    name: 'merge, refresh of an unchanged set',
    since: 262,
    tree: TREE,
    calls: ['merge', 'refresh', 'refresh', 'refresh --always-refresh=yes', 'refresh --always-refresh=yes'],
  },
  {
    name: 'merge, refresh of another set',
    tree: TREE,
    calls: [
      'merge',
      { args: 'refresh', before: { add: extension('c') } },
      { args: 'refresh', before: { remove: ['var/lib/extensions/b'] } },
      { args: 'refresh', before: { remove: ['var/lib/extensions/a', 'var/lib/extensions/c'] } },
    ],
  },
  {
    name: 'a missing hierarchy is made by one and merged by the other',
    tree: { 'usr/lib/os-release': DEBIAN, ...extension('b', { files: { 'opt/b': 'b' } }) },
    since: 254,
    calls: ['merge', 'unmerge', 'merge', 'merge', 'unmerge'],
  },
  {
    name: 'configuration extensions',
    class: 'confext',
    since: 254,
    tree: { 'usr/lib/os-release': DEBIAN, etc: directory(), ...confext('a'), ...confext('b') },
    calls: ['merge', 'merge', 'list', { args: 'refresh', before: { add: confext('c') } }, 'unmerge'],
  },
  { name: 'on a disk', since: 254, on: 'disk', tree: TREE, calls: ['merge', 'merge', 'unmerge'] },
]);
