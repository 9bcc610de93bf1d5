import { confext, DEBIAN, extension, HOST } from '../support/fixtures.js';
import { symlink, type Tree } from '../support/tree.js';
import type { Call, Scenario } from './scenario.js';
import { differential } from './suite.js';

/** Where the mode is said, and what counts if it is said more than once. A merge that is writable has a write directory. */
const TREE: Tree = { ...HOST, 'opt/host': 'from the host\n', ...extension('a') };

/** Overlays with an upper directory are not to be had in a user namespace. */
const suite = (title: string, since: number, scenarios: readonly Scenario[]): void =>
  differential(
    title,
    scenarios.map((scenario) => ({ since, root: true, ...scenario })),
  );

const inEnvironment = (mode: string, args = 'merge'): Call => ({
  args,
  env: { SYSTEMD_SYSEXT_MUTABLE_MODE: mode },
});
const setting = (mode: string): string => `[SysExt]\nMutable=${mode}\n`;

const VALUES = ['yes', 'TRUE', '0', 'auto', 'import', 'ephemeral', 'ephemeral-import'];
const NO_VALUES = ['', 'Auto', 'sometimes', ' yes'];

suite('the environment', 262, [
  ...[...VALUES, ...NO_VALUES].map((mode) => ({
    name: `says ${JSON.stringify(mode)}`,
    tree: TREE,
    calls: [inEnvironment(mode), 'unmerge'],
  })),
  {
    name: 'says less than the option',
    tree: TREE,
    calls: [inEnvironment('yes', 'merge --mutable=no'), inEnvironment('no', 'refresh --mutable=yes')],
  },
  {
    name: 'says something else at a refresh',
    tree: TREE,
    calls: ['merge', inEnvironment('ephemeral', 'refresh'), inEnvironment('yes', 'refresh'), 'refresh'],
  },
  {
    name: 'of the other class says nothing',
    tree: TREE,
    calls: [{ args: 'merge', env: { SYSTEMD_CONFEXT_MUTABLE_MODE: 'yes' } }, 'unmerge'],
  },
]);

suite(
  'options',
  262,
  [...VALUES, ...NO_VALUES].map((mode) => ({
    name: `--mutable=${JSON.stringify(mode)}`,
    tree: TREE,
    calls: [{ args: ['merge', `--mutable=${mode}`] }, 'unmerge'],
  })),
);

const DIRECTORIES = ['etc/systemd', 'run/systemd', 'usr/local/lib/systemd', 'usr/lib/systemd'];

suite('files', 262, [
  ...DIRECTORIES.flatMap((directory) => [
    {
      name: `${directory}/sysext.conf`,
      tree: { ...TREE, [`${directory}/sysext.conf`]: setting('yes') },
      calls: ['merge', 'refresh'],
    },
    {
      name: `a drop-in in ${directory}`,
      tree: {
        ...TREE,
        'etc/systemd/sysext.conf': setting('no'),
        [`${directory}/sysext.conf.d/x.conf`]: setting('ephemeral'),
      },
      calls: ['merge', 'unmerge'],
    },
  ]),
  ...DIRECTORIES.slice(1).map((later, index) => ({
    name: `${DIRECTORIES[index]} before ${later}`,
    tree: {
      ...TREE,
      [`${DIRECTORIES[index]}/sysext.conf`]: setting('yes'),
      [`${later}/sysext.conf`]: setting('ephemeral'),
    },
    calls: ['merge', 'unmerge'],
  })),
  {
    name: 'the last drop-in by name, wherever it is',
    tree: {
      ...TREE,
      'etc/systemd/sysext.conf.d/10.conf': setting('no'),
      'usr/lib/systemd/sysext.conf.d/20.conf': setting('yes'),
    },
    calls: ['merge', 'unmerge'],
  },
  {
    name: 'a drop-in that hides another',
    tree: {
      ...TREE,
      'etc/systemd/sysext.conf.d/10.conf': '',
      'usr/lib/systemd/sysext.conf.d/10.conf': setting('yes'),
    },
    calls: ['merge', 'unmerge'],
  },
  {
    name: 'a drop-in that is masked',
    tree: {
      ...TREE,
      'etc/systemd/sysext.conf.d/10.conf': symlink('/dev/null'),
      'usr/lib/systemd/sysext.conf.d/10.conf': setting('yes'),
    },
    calls: ['merge', 'unmerge'],
  },
  {
    name: 'a drop-in of another name',
    tree: { ...TREE, 'etc/systemd/sysext.conf.d/10.config': setting('yes') },
    calls: ['merge', 'unmerge'],
  },
  {
    name: 'before the environment and the option',
    tree: { ...TREE, 'etc/systemd/sysext.conf': setting('yes') },
    calls: [
      inEnvironment('ephemeral'),
      'unmerge',
      inEnvironment('sometimes'),
      'unmerge',
      'merge --mutable=no',
      'refresh',
    ],
  },
  ...[
    'Mutable=yes\n',
    '[ConfExt]\nMutable=yes\n',
    '[SysExt]\nmutable=yes\n',
    '[SysExt]\n Mutable = yes \n',
    '[SysExt]\n# Mutable=no\nMutable=\\\n yes\n',
    '[SysExt]\nMutable=yes\nMutable=\n',
    '[SysExt]\nMutable=yes\nMutable=sometimes\n',
    '[SysExt]\nMutable=yes\n[Other]\nMutable=no\n',
    '[SysExt]\nMutable=yes\nWhatever=1\n',
  ].map((text) => ({
    name: `that says ${JSON.stringify(text)}`,
    tree: { ...TREE, 'etc/systemd/sysext.conf': text },
    calls: ['merge', 'unmerge'],
  })),
  {
    name: 'of the other class',
    class: 'confext',
    tree: {
      'usr/lib/os-release': DEBIAN,
      'etc/systemd/sysext.conf': setting('ephemeral'),
      'etc/systemd/confext.conf': '[ConfExt]\nMutable=yes\n',
      ...confext('a'),
    },
    calls: ['merge', 'unmerge'],
  },
]);
