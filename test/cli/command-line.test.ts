import fc from 'fast-check';
import { type CommandLine, readCommandLine } from '../../src/cli/command-line.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { CONFLICT_KINDS } from '../../src/layers/conflict-kind.js';
import { OPTIONS, VERB_ARGUMENTS, VERBS } from '../../src/options.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import { LEVELS } from '../../src/report/log.js';
import { anyText } from '../support/text.js';

const read = (...args: string[]) => readCommandLine(args, 'sysext', {});

async function failure(...args: string[]): Promise<string> {
  const error: unknown = await read(...args).catch((thrown: unknown) => thrown);
  if (error instanceof UsageError) return error.message;
  throw new Error(`${args.join(' ')}: no UsageError`, { cause: error });
}

const DEFAULTS: CommandLine = {
  verb: 'status',
  argument: null,
  operands: [],
  program: 'sysext',
  extensionClass: SYSEXT,
  root: '/',
  force: false,
  merging: {
    choice: null,
    forgetsChoice: false,
    locked: null,
    keepGoing: false,
    strict: false,
    exitCode: false,
  },
  noexec: null,
  mutable: null,
  imagePolicy: null,
  image: null,
  otherHosts: { files: [], architecture: null, scope: null },
  against: [],
  installing: { now: false, runtime: false, sha256: null, maxSize: 4 * 1024 ** 3, versionAs: null },
  updating: { check: false, dryRun: false, verify: null },
  diff: false,
  fix: false,
  lockFile: { lock: null, output: null },
  file: null,
  layers: {
    planned: false,
    all: false,
    failOn: new Set(CONFLICT_KINDS.filter((kind) => kind !== 'equal')),
    allow: null,
  },
  run: { with: [], withConfext: [], writable: false, keep: null },
  pack: {
    output: null,
    packages: [],
    archives: [],
    fields: { forHost: null, id: null, versionId: null, level: null, scopes: [], others: [] },
    services: [],
    verity: false,
    privateKey: null,
    certificate: null,
  },
  alwaysRefresh: false,
  lockTimeout: null,
  noReload: false,
  json: 'off',
  format: null,
  legend: true,
  verbose: false,
  logLevel: 'info',
  logFormat: 'text',
  answer: null,
};

test('nothing at all', async () => {
  expect(await read()).toEqual(DEFAULTS);
});

test('everything at once', async () => {
  const args = ['refresh', '--root=/x', '--class=confext', '--force', '--noexec=no', '--always-refresh=yes'];
  const more = [
    '--lock-timeout=1.5',
    '--no-reload',
    '--json=short',
    '--no-legend',
    '--verbose',
    '--no-pager',
    '--image-policy=root=verity',
  ];
  expect(await read(...args, ...more, '--log-level=debug', '--log-format=json')).toEqual({
    verb: 'refresh',
    argument: null,
    operands: [],
    program: 'sysext',
    extensionClass: CONFEXT,
    root: '/x',
    force: true,
    merging: DEFAULTS.merging,
    noexec: false,
    mutable: null,
    imagePolicy: { rules: { root: ['verity'] }, otherwise: null },
    image: null,
    otherHosts: { files: [], architecture: null, scope: null },
    against: [],
    installing: DEFAULTS.installing,
    updating: { check: false, dryRun: false, verify: null },
    diff: false,
    fix: false,
    lockFile: DEFAULTS.lockFile,
    file: null,
    layers: DEFAULTS.layers,
    run: DEFAULTS.run,
    pack: DEFAULTS.pack,
    alwaysRefresh: true,
    lockTimeout: 1.5,
    noReload: true,
    json: 'short',
    format: null,
    legend: false,
    verbose: true,
    logLevel: 'debug',
    logFormat: 'json',
    answer: null,
  });
});

test('verb policy takes any text, or none', async () => {
  for (const argument of ['root=verity', '', '-', 'x'])
    expect(await read('policy', argument)).toEqual({
      ...DEFAULTS,
      verb: 'policy',
      argument,
      operands: [argument],
    });
  expect(await read('policy')).toEqual({ ...DEFAULTS, verb: 'policy' });
  expect(await failure('policy', 'a', 'b')).toBe('Too many arguments.');
});

test('verb explain takes any number of extensions, and several hosts', async () => {
  expect(await read('explain')).toEqual({ ...DEFAULTS, verb: 'explain' });
  const hosts = ['--host=/a', '--host', 'b', '--arch=arm64', '--scope=initrd'];
  expect(await read('explain', 'one', '../two', ...hosts)).toEqual({
    ...DEFAULTS,
    verb: 'explain',
    argument: 'one',
    operands: ['one', '../two'],
    otherHosts: { files: ['/a', 'b'], architecture: 'arm64', scope: 'initrd' },
  });
  expect((await read('--scope=help')).answer).toEqual(['system', 'initrd', 'portable']);
});

test('the verbs that change what is installed, and their options', async () => {
  const sum = 'AB'.repeat(32);
  const options = ['--now', `--sha256=${sum}`, '--max-size=1.5M', '--version-as=1.0~rc1'];
  expect(await read('install', 'http://a/b.raw', ...options)).toEqual({
    ...DEFAULTS,
    verb: 'install',
    argument: 'http://a/b.raw',
    operands: ['http://a/b.raw'],
    installing: {
      now: true,
      runtime: false,
      sha256: sum.toLowerCase(),
      maxSize: 1.5 * 1024 ** 2,
      versionAs: '1.0~rc1',
    },
  });
  expect(await read('rollback', 'a', '1')).toMatchObject({ argument: 'a', operands: ['a', '1'] });
  expect(await read('disable', 'a', 'b', '--runtime')).toMatchObject({ operands: ['a', 'b'] });
  expect(await failure('remove', 'a', '1', '2')).toBe('Too many arguments.');
  expect(await failure('install')).toBe("Command verb 'install' needs an argument: FILE|URL.");
  expect(await failure('install', 'a', '--runtime')).toMatch(
    /^The option --runtime is for the commands 'enable'/,
  );
  expect(await failure('remove', 'a', '--json=short')).toMatch(/does nothing for the command 'remove'/);
  expect(await failure('versions', '--force')).toMatch(/does nothing for the command 'versions'/);
  for (const size of ['', '0', '-1', '1X', '1e9', '99999999999T'])
    expect(await failure('install', 'a', `--max-size=${size}`)).toMatch(
      /^Failed to parse size in '--max-size': /,
    );
  expect(await failure('install', 'a', '--sha256=abc')).toMatch(
    /^Failed to parse checksum in '--sha256': abc/,
  );
  for (const version of ['', '1_2', 'a/b', '1:2', 'ü', '1'.repeat(101)])
    expect(await failure('install', 'a', `--version-as=${version}`)).toMatch(/^Failed to parse version/);
});

test('verb check needs images, or systems to come', async () => {
  expect(await read('check', '--against=/a', '--against', 'b')).toMatchObject({
    operands: [],
    against: ['/a', 'b'],
  });
  expect(await failure('check')).toBe("Command verb 'check' needs an argument: IMAGE; or --against=.");
  expect(await failure('check', '--against=')).toMatch(/needs a value: --against=PATH/);
  expect(await failure('check', '--against=a', '--format=sarif')).toMatch(/there is no --format=sarif/);
});

test('the verbs on layers, and their options', async () => {
  expect(await read('which', '/a', 'b', '--planned', '--all')).toEqual({
    ...DEFAULTS,
    verb: 'which',
    argument: '/a',
    operands: ['/a', 'b'],
    layers: { ...DEFAULTS.layers, planned: true, all: true },
  });
  expect(
    await read(
      'run',
      '--with=a',
      '--with',
      'b',
      '--with-confext=c',
      '--writable',
      '--keep=d',
      '--',
      'e',
      '-f',
    ),
  ).toEqual({
    ...DEFAULTS,
    verb: 'run',
    argument: 'e',
    operands: ['e', '-f'],
    run: { with: ['a', 'b'], withConfext: ['c'], writable: true, keep: 'd' },
  });
  expect(
    await read(
      ...[
        'pack',
        'a',
        'b',
        '--output=o.raw',
        '--deb=c',
        '--deb=d',
        '--tar=e',
        '--service=f.service',
        '--format=erofs',
      ],
      ...[
        '--for-host=/r',
        '--id=i',
        '--version-id=1',
        '--level=2',
        '--scope=system,portable',
        '--arch=arm64',
      ],
      ...['--field=A=b=c', '--field=D=', '--private-key=k', '--certificate=l'],
    ),
  ).toEqual({
    ...DEFAULTS,
    verb: 'pack',
    argument: 'a',
    operands: ['a', 'b'],
    format: 'erofs',
    otherHosts: { ...DEFAULTS.otherHosts, architecture: 'arm64' },
    pack: {
      output: 'o.raw',
      packages: ['c', 'd'],
      archives: ['e'],
      fields: {
        forHost: '/r',
        id: 'i',
        versionId: '1',
        level: '2',
        scopes: ['system', 'portable'],
        others: [
          ['A', 'b=c'],
          ['D', ''],
        ],
      },
      services: ['f.service'],
      verity: true,
      privateKey: 'k',
      certificate: 'l',
    },
  });
  expect((await read('conflicts', '--fail-on=type,mode', '--allow=f')).layers).toEqual({
    ...DEFAULTS.layers,
    failOn: new Set(['type', 'mode']),
    allow: 'f',
  });
  expect((await read('conflicts', '--fail-on=none')).layers.failOn.size).toBe(0);
  expect((await read('conflicts', '--fail-on=all')).layers.failOn).toEqual(new Set(CONFLICT_KINDS));
  expect(await read('graph', '--format=svg', '--mutable=import')).toMatchObject({
    mutable: 'import',
    format: 'svg',
  });
  expect(await failure('conflicts', '--fail-on=tpye')).toMatch(
    /^Unknown argument to --fail-on= switch: tpye \(some of: all, none, equal, /,
  );
  expect(await failure('which')).toBe("Command verb 'which' needs an argument: PATH.");
  expect(await failure('files', 'a', 'b')).toBe('Too many arguments.');
  expect(await failure('files', 'a', '--allow=x')).toBe(
    "The option --allow= is for the command 'conflicts' only.",
  );
  expect(await failure('merge', '--planned')).toContain("is for the commands 'which', 'files'");
});

test('values of the options of explain that cannot be meant', async () => {
  expect(await failure('explain', '--arch=amd64')).toMatch(
    /^Unknown argument to --arch= switch: amd64 \(one of: alpha, .*, x86-64\)$/,
  );
  expect(await failure('explain', '--arch=')).toMatch(/^Unknown argument to --arch= switch: {2}\(/);
  expect(await failure('explain', '--scope=portable')).toBe(
    'Unknown argument to --scope= switch: portable (one of: system, initrd)',
  );
  expect(await failure('explain', '--host=')).toBe("Option '--host' needs a value: --host=FILE.");
});

test.each([
  ['host', "command 'explain'"],
  ['arch', "commands 'explain', 'init', 'pack'"],
  ['scope', "commands 'explain', 'init', 'pack'"],
])('--%s is for the %s only', async (name, commands) => {
  for (const verb of ['merge', 'policy', 'inspect'])
    expect(await failure(verb, `--${name}=system`, ...(verb === 'inspect' ? ['x'] : []))).toBe(
      `The option --${name}= is for the ${commands} only.`,
    );
  expect(await failure(`--${name}=system`)).toContain(`is for the ${commands} only.`);
});

test('--fix is for doctor only, for which what has to do with images does nothing', async () => {
  expect(await read('doctor', '--fix')).toEqual({ ...DEFAULTS, verb: 'doctor', fix: true });
  expect(await failure('merge', '--fix')).toBe("The option --fix is for the command 'doctor' only.");
  for (const option of ['--force', '--image-policy=root=verity'])
    expect(await failure('doctor', option)).toContain("does nothing for the command 'doctor'.");
});

test('--image is for policy only', async () => {
  expect(await failure('explain', '--image=x')).toBe("The option --image= is for the command 'policy' only.");
  expect(await failure('merge', '--image=x')).toBe("The option --image= is for the command 'policy' only.");
});

test.each([
  ['--mutable=yes', '--mutable='],
  ['--noexec=yes', '--noexec='],
  ['--always-refresh=yes', '--always-refresh='],
  ['--lock-timeout=1', '--lock-timeout='],
  ['--no-reload', '--no-reload'],
  ['--verbose', '--verbose'],
  ['--no-legend', '--no-legend'],
])('%s does nothing for explain', async (word, option) => {
  expect(await failure('explain', word)).toBe(`The option ${option} does nothing for the command 'explain'.`);
  expect((await read('status', word)).verb).toBe('status');
});

test('verb plan takes a command, and the options that change what it would do', async () => {
  expect(await read('plan')).toEqual({ ...DEFAULTS, verb: 'plan' });
  const settings = [
    '--mutable=yes',
    '--noexec=yes',
    '--always-refresh=yes',
    '--no-reload',
    '--force',
    '--diff',
  ];
  expect(await read('plan', 'merge', ...settings)).toMatchObject({
    verb: 'plan',
    argument: 'merge',
    mutable: 'yes',
    noexec: true,
    alwaysRefresh: true,
    noReload: true,
    force: true,
    diff: true,
  });
  expect((await read('plan', '--format=sh')).format).toBe('sh');
  // Who asks for help is answered, whatever else is there.
  expect((await read('plan', '--format=sh', '--mutable=help')).answer).toContain('ephemeral');
  expect(await failure('plan', 'list')).toBe(
    "Unknown argument to command verb 'plan': list (one of: merge, unmerge, refresh)",
  );
});

test.each([
  [
    ['plan', '--format=sh', '--json=short'],
    'The option --format=sh prints a script: leave out --json= and --diff.',
  ],
  [
    ['plan', '--format=sh', '--diff'],
    'The option --format=sh prints a script: leave out --json= and --diff.',
  ],
  [['plan', '--format=bash'], 'Unknown argument to --format= switch: bash (one of: text, sh)'],
  [
    ['merge', '--format=sh'],
    "The option --format= is for the commands 'explain', 'plan', 'graph', 'check', 'expect', 'pack' only.",
  ],
  [['plan', '--format=svg'], 'Unknown argument to --format= switch: svg (one of: text, sh)'],
  [['merge', '--diff'], "The option --diff is for the command 'plan' only."],
  [['plan', '--lock-timeout=1'], "The option --lock-timeout= does nothing for the command 'plan'."],
])('what plan does not take: %j', async (words, message) => {
  expect(await failure(...words)).toBe(message);
});

test('a word that is no image policy', async () => {
  expect(await failure('--image-policy=root=signed:x\n')).toBe(
    "Failed to parse image policy 'root=signed:x\\n': no '=' in the rule 'x' at character 13; rules are PARTITION=FLAG+FLAG, with ':' between them.",
  );
  expect(await failure('--image-policy=help')).toMatch(/^Failed to parse image policy 'help'/);
  expect(await read('--image-policy=', 'list')).toMatchObject({ imagePolicy: { rules: {} } });
});

const CHOSEN = Object.entries(VERB_ARGUMENTS).flatMap(([verb, spec]) =>
  'choices' in spec
    ? [[verb as keyof typeof VERB_ARGUMENTS, spec.value, spec.choices as readonly string[]] as const]
    : [],
);

test.each(CHOSEN)('verb %s takes one of these words', async (verb, value, choices) => {
  for (const argument of choices)
    expect(await read(verb, argument)).toEqual({ ...DEFAULTS, verb, argument, operands: [argument] });
  const allowed = `one of: ${choices.join(', ')}`;
  if ('optional' in VERB_ARGUMENTS[verb]) expect(await read(verb)).toEqual({ ...DEFAULTS, verb });
  else expect(await failure(verb)).toBe(`Command verb '${verb}' needs an argument: ${value} (${allowed}).`);
  expect(await failure(verb, 'no')).toBe(`Unknown argument to command verb '${verb}': no (${allowed})`);
  if ('others' in VERB_ARGUMENTS[verb])
    expect((await read(verb, choices[0]!, 'x')).operands).toEqual([choices[0], 'x']);
  else expect(await failure(verb, choices[0]!, choices[0]!)).toBe('Too many arguments.');
});

test.each(Object.keys(VERBS).filter((verb) => !(verb in VERB_ARGUMENTS)))('verb %s', async (verb) => {
  expect(await read(verb)).toEqual({ ...DEFAULTS, verb });
  expect(await read('--', verb)).toEqual({ ...DEFAULTS, verb });
});

test.each([
  ['mrege', "Unknown command verb 'mrege', did you mean 'merge'?"],
  ['Merge', "Unknown command verb 'Merge', did you mean 'merge'?"],
  ['1', /^Unknown command verb '1', did you mean '\w+'\?$/],
  ['', /^Unknown command verb '', did you mean '\w+'\?$/],
  ['-', /^Unknown command verb '-', did you mean '\w+'\?$/],
  ['__proto__', /^Unknown command verb '__proto__'/],
  ['constructor', /^Unknown command verb 'constructor'/],
])('%j is no verb', async (word, message) => {
  expect(await failure(word)).toMatch(message);
});

test('too many arguments', async () => {
  expect(await failure('unmerge', 'x')).toBe('Too many arguments.');
  expect(await failure('status', '--', '--force')).toBe('Too many arguments.');
  expect(await failure('--', '--force')).toMatch("Unknown command verb '--force'");
});

test('the last one of several counts', async () => {
  expect(await read('--root=/a', '--json=short', '--root', '/b', '--json=off')).toMatchObject({
    root: '/b',
    json: 'off',
  });
  expect(await read('--force', '--force')).toMatchObject({ force: true });
});

test.each([
  ['/x', '/x'],
  ['relative', 'relative'],
  ['', '/'],
  ['1.50', '1.50'],
  ['0x10', '0x10'],
  ['true', 'true'],
  ['--x', '--x'],
  ['a b', 'a b'],
  ['a=b', 'a=b'],
  ['a\nb', 'a\nb'],
  ['~/x', '~/x'],
  ['$HOME', '$HOME'],
  ['{"a":1}', '{"a":1}'],
])('--root=%j is text', async (value, root) => {
  expect((await read(`--root=${value}`)).root).toBe(root);
  expect((await read('--root', value)).root).toBe(root);
});

test.each(["'x'", '"x"', "'a\" b'"])('quotes are a part of the value: --root=%s', async (value) => {
  expect((await read(`--root=${value}`)).root).toBe(value);
});

const YES = ['1', 'yes', 'y', 'true', 't', 'on', 'YES', 'True', 'oN'];
const NO = ['0', 'no', 'n', 'false', 'f', 'off', 'NO', 'False', 'oFF'];

test.each([...YES.map((word) => [word, true] as const), ...NO.map((word) => [word, false] as const)])(
  '%s is %s',
  async (word, value) => {
    expect(await read(`--noexec=${word}`, `--always-refresh=${word}`)).toMatchObject({
      noexec: value,
      alwaysRefresh: value,
    });
  },
);

describe('mutable', () => {
  test.each([...MUTABLE_MODES])('%s', async (mode) => {
    expect((await read(`--mutable=${mode}`)).mutable).toBe(mode);
    expect((await read('--mutable', mode, 'merge')).mutable).toBe(mode);
  });

  test('words for yes and no', async () => {
    for (const word of YES) expect((await read(`--mutable=${word}`)).mutable).toBe('yes');
    for (const word of NO) expect((await read(`--mutable=${word}`)).mutable).toBe('no');
  });

  test.each(['', 'x', 'AUTO', ' auto', 'ephemeral_import', 'HELP', '__proto__'])(
    '%j is none',
    async (word) => {
      expect(await failure(`--mutable=${word}`)).toBe(
        `Failed to parse argument to --mutable=: ${word} (one of: ${MUTABLE_MODES.join(', ')})`,
      );
    },
  );
});

test.each([
  [['--no-reload'], true],
  [['--root=/x'], true],
  [['--root=/'], true],
  [['--root='], true],
  [['--force'], false],
])('%j: no reload is %j', async (args, noReload) => {
  expect(await read(...args)).toMatchObject({ noReload });
});

test('help answers whatever follows it', async () => {
  expect(await read('help', 'merge', 'x')).toMatchObject({ verb: 'help', answer: null });
});

test.each([
  '--class=x',
  '--noexec=x',
  '--mutable=x',
  '--image-policy=x',
  '--scope=x',
  '--always-refresh=x',
  '--lock-timeout=x',
  '--json=x',
  '--log-level=x',
  '--log-format=x',
])('%s is wrong, also if another value follows', async (option) => {
  const alone = await failure(option);
  expect(alone).toContain('x');
  expect(await failure(option, option.replace(/=x$/, '=help'))).toBe(alone);
});

test.each(['', '2', 'ye', 'yess', ' yes', 'yes\n', 'help', 'null'])(
  '%j is neither yes nor no',
  async (word) => {
    expect(await failure(`--noexec=${word}`)).toBe(`Failed to parse boolean argument to '--noexec': ${word}`);
    expect(await failure(`--always-refresh=${word}`)).toContain('--always-refresh');
  },
);

describe('choices', () => {
  const choices = ['class', 'json', 'log-format'] as const;
  const listed = [...choices, 'mutable'] as const;

  test.each(listed)('--%s=help lists them', async (name) => {
    expect((await read(`--${name}=help`, 'no-verb-is-asked-for')).answer).toEqual([
      ...(name === 'mutable' ? ['Known mutability modes:'] : []),
      ...OPTIONS[name].choices,
    ]);
  });

  test.each(choices)('--%s takes nothing else', async (name) => {
    const list = OPTIONS[name].choices.join(', ');
    for (const value of ['x', '', 'HELP', 'toString', '__proto__'])
      expect(await failure(`--${name}=${value}`)).toBe(
        `Unknown argument to --${name}= switch: ${value} (one of: ${list})`,
      );
  });

  test.each([
    ['pretty', 'pretty'],
    ['short', 'short'],
    ['off', 'off'],
  ])('--json=%s', async (value, json) => {
    expect((await read(`--json=${value}`)).json).toBe(json);
  });
});

test.each([
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['--help', '--version'], 'help'],
  [['--version', 'no-such-verb'], 'version'],
  [['--version', '--help'], 'version'],
  [['--help', '--json=bad'], 'help'],
  [['merge', '-h', 'x', 'y'], 'help'],
])('%j answers with %s whatever the verb', async (args, answer) => {
  expect(await read(...args)).toMatchObject({ verb: 'status', answer });
});

test.each([
  ['sysext', SYSEXT],
  ['systemd-sysext', SYSEXT],
  ['confext', CONFEXT],
  ['systemd-confext', CONFEXT],
  ['confext.js', SYSEXT],
  ['node', SYSEXT],
  ['', SYSEXT],
])('called as %s', async (program, extensionClass) => {
  expect(await readCommandLine([], program, {})).toEqual({ ...DEFAULTS, program, extensionClass });
  expect((await readCommandLine(['--class=sysext'], program, {})).extensionClass).toBe(SYSEXT);
  expect((await readCommandLine(['--class=confext'], program, {})).extensionClass).toBe(CONFEXT);
});

describe('the level of messages', () => {
  test.each([...LEVELS])('%s, by name and by number', async (level) => {
    const number = String(LEVELS.indexOf(level));
    for (const word of [level, number]) {
      expect((await readCommandLine([], 'sysext', { SYSTEMD_LOG_LEVEL: word })).logLevel).toBe(level);
      expect((await read(`--log-level=${word}`)).logLevel).toBe(level);
    }
  });

  test.each(['', 'garbage', '8', '-1', 'debug,info', '__proto__'])(
    '%j in the environment is none',
    async (word) => {
      expect((await readCommandLine([], 'sysext', { SYSTEMD_LOG_LEVEL: word })).logLevel).toBe('info');
    },
  );

  test.each(['', 'garbage', '8', 'help'])('--log-level=%s is an error that lists them', async (word) => {
    expect(await failure(`--log-level=${word}`)).toBe(
      `Failed to parse log level: ${word} (one of: ${LEVELS.join(', ')})`,
    );
  });

  test('the option counts more than the environment', async () => {
    const { logLevel } = await readCommandLine(['--log-level=err'], 'sysext', { SYSTEMD_LOG_LEVEL: 'debug' });
    expect(logLevel).toBe('err');
  });
});

test.each([
  ['0', 0],
  ['5', 5],
  ['0.25', 0.25],
  ['999999999', 999999999],
])('--lock-timeout=%s', async (word, seconds) => {
  expect((await read(`--lock-timeout=${word}`)).lockTimeout).toBe(seconds);
});

test.each(['', '-1', '1s', '1e3', 'infinity', 'NaN', '1.', '.5', '0x1', '1000000000', ' 1', '1\n'])(
  '--lock-timeout=%j are no seconds',
  async (word) => {
    expect(await failure(`--lock-timeout=${word}`)).toBe(
      `Failed to parse seconds in '--lock-timeout': ${word}`,
    );
  },
);

test('any arguments: a command line or a UsageError, and nothing else changes', async () => {
  const name = fc.constantFrom(
    ...Object.keys(OPTIONS),
    '__proto__',
    'constructor',
    'prototype',
    'x.y',
    '$0',
    '_',
    'no',
  );
  const value = fc.oneof(
    anyText({ maxLength: 8 }),
    fc.constantFrom(
      'yes',
      'no',
      'help',
      'short',
      '1',
      'debug',
      '__proto__',
      '{"__proto__":{"x":1}}',
      '[]',
      "''",
      '"',
    ),
  );
  const word = fc.oneof(
    fc.tuple(name, value).map(([key, text]) => `--${key}=${text}`),
    name.map((key) => `--${key}`),
    fc.tuple(name, fc.nat(4)).map(([key, length]) => `--${key.slice(0, length)}`),
    fc.constantFrom(...Object.keys(VERBS), '--', '-', '-h', '--__proto__.x=1', '--constructor.prototype.x=1'),
    value,
    value.map((text) => `-${text}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (args) => {
      const commandLine = await read(...args).catch((error: unknown) => {
        if (error instanceof UsageError) return null;
        throw error;
      });
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as { x?: unknown }).x).toBeUndefined();
      if (commandLine === null) return;
      expect(Object.keys(commandLine)).toEqual(Object.keys(DEFAULTS));
      expect(Object.getPrototypeOf(commandLine)).toBe(Object.prototype);
      expect(Object.keys(VERBS)).toContain(commandLine.verb);
      expect(typeof commandLine.root).toBe('string');
      expect([SYSEXT, CONFEXT]).toContain(commandLine.extensionClass);
      expect(['boolean', 'object']).toContain(typeof commandLine.noexec);
    }),
    { numRuns: 60 },
  );
});

test('each verb has its own forms', async () => {
  expect(await read('check', 'x', '--format=sarif')).toMatchObject({ format: 'sarif', operands: ['x'] });
  expect(await failure('check', 'x', '--format=svg')).toBe(
    'Unknown argument to --format= switch: svg (one of: text, sarif, github)',
  );
  expect(await failure('list', '--format=text')).toMatch('The option --format= is for the commands');
  expect(await failure('check')).toMatch("Command verb 'check' needs an argument: IMAGE");
});
