import { expandArguments, nearest } from '../../src/cli/expand.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { OPTIONS } from '../../src/options.js';

const expand = (...args: string[]) => expandArguments(args, OPTIONS);

/** As getopt_long(3) reads it. */
test.each([
  [[], []],
  [['merge'], ['merge']],
  [['--root=/x'], ['--root=/x']],
  [['--root', '/x'], ['--root=/x']],
  [['--root', '-x'], ['--root=-x']],
  [['--root', '--force'], ['--root=--force']],
  [['--root='], ['--root=']],
  [['--root', ''], ['--root=']],
  [['--root=a=b'], ['--root=a=b']],
  [['--root=a\nb'], ['--root=a\nb']],
  [['--ro=/x'], ['--root=/x']],
  [
    ['--r', '/x', 'merge'],
    ['--root=/x', 'merge'],
  ],
  [
    ['--force', 'merge'],
    ['--force', 'merge'],
  ],
  [['--f'], ['--force']],
  [
    ['merge', '--force'],
    ['merge', '--force'],
  ],
  [['--no-r'], ['--no-reload']],
  [['--noe=no'], ['--noexec=no']],
  [['--log-l', 'debug'], ['--log-level=debug']],
  [['-h'], ['--help']],
  [['-help'], ['--help']],
  [['--help', '--bogus'], ['--help']],
  [
    ['list', '--version', '--root'],
    ['list', '--version'],
  ],
  [
    ['--json=off', '--js=help', '--bogus'],
    ['--json=off', '--json=help'],
  ],
  [
    ['--root=help', '--force'],
    ['--root=help', '--force'],
  ],
  [['-'], ['-']],
  [
    ['--', '--force'],
    ['--', '--force'],
  ],
  [
    ['--force', '--', '--root', '--'],
    ['--force', '--', '--root', '--'],
  ],
  [['--root', '--'], ['--root=--']],
  [
    ['--root', '--', '--', 'merge'],
    ['--root=--', '--', 'merge'],
  ],
  [['a=b'], ['a=b']],
  [[''], ['']],
])('%j is %j', async (args, wanted) => {
  expect(await expand(...args)).toEqual(wanted);
});

test.each([
  [['--force=yes'], "Option '--force' takes no value."],
  [['--force='], "Option '--force' takes no value."],
  [['--fo=yes'], "Option '--force' takes no value."],
  [['--root'], "Option '--root' needs a value: --root=PATH."],
  [['merge', '--json'], "Option '--json' needs a value: --json=FORMAT."],
  [['--no'], "Option '--no' is ambiguous: --noexec, --now, --no-reload, --no-legend, --no-pager."],
  [['--log=x'], "Option '--log' is ambiguous: --log-level, --log-format."],
  [['--forse'], "Unknown option '--forse', did you mean '--force'?"],
  [['--jsonn=off'], "Unknown option '--jsonn', did you mean '--json'?"],
  [['-x'], "Unknown option '-x'."],
  [['-1'], "Unknown option '-1'."],
  [['-r/x'], "Unknown option '-r/x'."],
  [['-xh'], "Unknown option '-xh'."],
  [['--bogus', '--help'], "Unknown option '--bogus', did you mean '--root'?"],
])('%j: %s', async (args, message) => {
  await expect(expand(...args)).rejects.toThrow(new UsageError(message));
});

test.each([
  '--__proto__=x',
  '--constructor',
  '--toString=1',
  '--hasOwnProperty',
  '--=x',
  '---',
  '--root\0=x',
])('%j is no option', async (word) => {
  await expect(expand(word)).rejects.toThrow(UsageError);
});

/** What an abbreviation meant before there were options of our own, it goes on to mean (systemd-sysext(8)). */
test.each([
  ['--ver', '--version'],
  ['--i=*', '--image-policy=*'],
  ['--image-=*', '--image-policy=*'],
  ['--h', '--help'],
  ['--he', '--help'],
  ['--a=yes', '--always-refresh=yes'],
  ['--ho=x', '--host=x'],
  ['--ar=x', '--arch=x'],
  ['--sc=x', '--scope=x'],
  ['--verb', '--verbose'],
  ['--image=x', '--image=x'],
])('%s is %s', async (word, wanted) => {
  expect(await expand(word)).toEqual([wanted]);
});

test('a full name is never ambiguous', async () => {
  const options = {
    no: { type: 'boolean', describe: '' },
    noexec: { type: 'boolean', describe: '' },
  } as const;
  expect(await expandArguments(['--no', '--noe'], options)).toEqual(['--no', '--noexec']);
  await expect(expandArguments(['--n'], options)).rejects.toThrow('ambiguous');
});

test('the arguments themselves stay as they are', async () => {
  const args = Object.freeze(['--root', '/x', '--', 'y']);
  await expandArguments(args, OPTIONS);
  expect(args).toEqual(['--root', '/x', '--', 'y']);
});

test('nearest', async () => {
  expect(await nearest('mrege', ['status', 'merge', 'unmerge'])).toBe('merge');
  expect(await nearest('', ['ab', 'c'])).toBe('c');
});
