import { extension, HOST } from '../support/fixtures.js';
import { below, symlink } from '../support/tree.js';
import type { Call } from './scenario.js';
import { differential } from './suite.js';

const ONE = { ...HOST, ...extension('a') };

const refused = (...calls: (string | string[])[]): Call[] => calls.map((args) => ({ args }));

differential('the command line', [
  {
    name: 'wrong verbs',
    tree: ONE,
    calls: [
      { args: 'mrge', says: ["Unknown command verb 'mrge', did you mean 'merge'?"] },
      ...refused('Merge', 'remove', ['']),
    ],
  },
  {
    name: 'surplus arguments',
    tree: ONE,
    calls: [{ args: 'status /usr', says: ['Too many arguments.'] }, ...refused('list a b', 'unmerge a')],
  },
  {
    name: 'names of extensions',
    tree: { ...ONE, ...extension('b') },
    calls: [
      {
        args: 'merge a',
        differs: ['chosen-names'],
        says: ["Using extensions 'a'."],
      },
      'unmerge',
      ...refused('merge c'),
      'merge',
    ],
  },
  {
    name: 'unknown options',
    tree: ONE,
    calls: refused('merge --frce', 'merge -x', '--no-such-option', 'list -l'),
  },
  { name: 'options without their value', tree: ONE, calls: refused('status --json', 'merge --root') },
  {
    name: 'options with a value that take none',
    tree: ONE,
    calls: refused('merge --force=1', 'list --no-legend=no'),
  },
  {
    name: 'bad values',
    tree: ONE,
    calls: refused('status --json=xml', 'status --json=', 'merge --image-policy=root'),
  },
  {
    name: 'bad values of newer options',
    since: 262,
    tree: ONE,
    calls: refused(
      'merge --mutable=perhaps',
      'merge --noexec=perhaps',
      'refresh --always-refresh=perhaps',
      'refresh --always-refresh=',
      'merge --mutable=',
    ),
  },
  {
    name: 'boolean words',
    since: 262,
    tree: ONE,
    calls: ['Y', 'TRUE', 'On', '0', 'f', 'oFF'].map((word) => `refresh --always-refresh=${word}`),
  },
  {
    name: 'options after the verb and before',
    since: 254,
    tree: ONE,
    calls: ['--force merge', '--no-legend list --json=off'],
  },
  { name: 'an end of options', tree: ONE, calls: refused('-- merge', 'merge -- --force', 'unmerge') },
  {
    name: 'abbreviated options',
    since: 254,
    tree: ONE,
    calls: refused('list --no-leg', 'merge --forc', 'list --js=short', 'list --no'),
  },
  {
    name: 'the last of several values',
    tree: ONE,
    calls: ['list --json=short --json=pretty', 'list --json=pretty --json=off'],
  },
  { name: '--mutable=help', since: 258, tree: ONE, calls: ['merge --mutable=help'] },
  { name: '--json=help', tree: ONE, calls: ['status --json=help'] },
  {
    name: 'nothing is read behind a question',
    tree: ONE,
    calls: refused('--json=help --bogus merge', 'mrge a b --json=help'),
  },
  {
    name: 'the first of several values is wrong',
    tree: ONE,
    calls: refused('list --json=xml --json=help', 'list --json=xml --json=short'),
  },
  {
    name: 'the first of several values of newer options is wrong',
    since: 262,
    tree: ONE,
    calls: refused(
      'merge --mutable=perhaps --mutable=no',
      'refresh --always-refresh=perhaps --always-refresh=no',
      'merge --noexec=perhaps --noexec=no',
      'merge --image-policy=root --image-policy=*',
    ),
  },
  {
    name: 'options that change nothing',
    since: 257,
    tree: ONE,
    calls: ['merge --no-reload --no-pager --noexec=no', 'unmerge'],
  },
  { name: 'noexec', since: 257, tree: ONE, calls: ['merge --noexec=yes', 'unmerge', 'merge --noexec=no'] },
  {
    name: 'roots',
    since: 258,
    tree: ONE,
    calls: [
      { args: 'status', root: 'missing', differs: ['missing-root'] },
      { args: 'list', root: 'missing' },
      { args: 'merge', root: 'missing' },
      { args: 'unmerge', root: 'missing', differs: ['missing-root'] },
      { args: 'refresh', root: 'missing' },
      { args: 'merge', root: 'usr/bin/host' },
    ],
  },
  {
    name: 'a root that is a symlink',
    since: 254,
    tree: { link: symlink('real'), ...below('real', ONE) },
    calls: [
      { args: 'list', root: 'link' },
      { args: 'list --json=short', root: 'link' },
      { args: 'merge', root: 'link' },
      { args: 'unmerge', root: 'real' },
    ],
  },
  {
    name: 'a root that is not absolute, or not given',
    tree: ONE,
    calls: [
      { args: ['--root=', 'list'], root: null },
      { args: ['--root', '', 'list'], root: null },
    ],
  },
]);
