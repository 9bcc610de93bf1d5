import { extension, HOST, sysextTree } from '../support/fixtures.js';
import { below, symlink, type Tree } from '../support/tree.js';
import { VERSION_CHAIN } from '../support/versions.js';
import { differential } from './suite.js';

/** Extensions that all have the same file: the content of the merged one tells which is on top. */
const stacked = (...names: string[]): Tree =>
  Object.assign(
    {},
    HOST,
    ...names.map((name) => extension(name, { files: { 'usr/bin/same': name, 'usr/bin/host': name } })),
  );

/** Like {@link stacked}, with two of the names at a time, so that every pair is told apart. */
const chain = (...names: string[]): Tree =>
  Object.assign(
    {},
    HOST,
    ...names.map((name, index) =>
      extension(name, { files: { [`usr/bin/${index}`]: name, [`usr/bin/${index + 1}`]: name } }),
    ),
  );

differential('the order of extensions', [
  {
    name: 'of several with the same file',
    tree: stacked('a', 'b', 'B', 'aa', 'b_2', 'b_10', 'b_9'),
    calls: ['list', 'merge'],
  },
  {
    // The chain of the Version Format Specification, and what is left to tell about names.
    name: 'of each pair in a row',
    tree: chain(
      ...VERSION_CHAIN,
      ...['foo~1', 'foo', 'foo-1', 'foo^1', 'foo.1', 'fooa', 'foo1'],
      ...['n99999999999999999999', 'n100000000000000000000', 'n0009', 'n10'],
      ...['v1.2', '1.2', '1.2-rc1', '1.2~rc1', '1.2.0'],
    ),
    calls: ['merge'],
  },
  { name: 'the search directory does not count', tree: inDirectories(), calls: ['list', 'merge'] },
  {
    name: 'the name counts, not the file that a symlink leads to',
    since: 258,
    tree: {
      ...HOST,
      'var/lib/extensions/a': symlink('/srv/z'),
      'var/lib/extensions/b': symlink('/srv/y'),
      ...below('srv/z', sysextTree('a', { files: { 'usr/bin/same': 'a' } })),
      ...below('srv/y', sysextTree('b', { files: { 'usr/bin/same': 'b' } })),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'the name counts, not the chosen version',
    since: 257,
    tree: {
      ...HOST,
      ...below('var/lib/extensions/a.v/a_9', sysextTree('a', { files: { 'usr/bin/same': 'a' } })),
      ...below('var/lib/extensions/a-b.v/a-b_1', sysextTree('a-b', { files: { 'usr/bin/same': 'a-b' } })),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'the name counts, not the suffix',
    since: 254,
    tree: {
      ...HOST,
      ...extension('a', { as: 'a.sysext', files: { 'usr/bin/same': 'a' } }),
      ...extension('a-1', { files: { 'usr/bin/same': 'a-1' } }),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'a directory in one, a file in another',
    tree: {
      ...HOST,
      ...extension('a', { files: { 'usr/share/x/below': 'a', 'usr/share/y': 'a' } }),
      ...extension('b', { files: { 'usr/share/x': 'b', 'usr/share/y/below': 'b' } }),
    },
    calls: ['merge'],
  },
]);

function inDirectories(): Tree {
  return {
    ...HOST,
    ...extension('b', { in: 'etc/extensions', files: { 'usr/bin/same': 'b' } }),
    ...extension('c', { in: 'run/extensions', files: { 'usr/bin/same': 'c' } }),
    ...extension('a', { in: 'var/lib/extensions', files: { 'usr/bin/same': 'a' } }),
  };
}
