import { AUTHORING, MAKING_OPTIONS } from './making-options.js';
import { MUTABLE_MODES } from './overlay/mutable-mode.js';
import { LEVELS } from './report/log.js';

/** One option of the command line. Help, parsing and completion are made from this table. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly alias?: string;
  /** It asks for an answer and nothing else. */
  readonly asks?: true;
  /** It may be given several times. */
  readonly multiple?: true;
  /** The original does not have it, so an abbreviation that the original understands does not mean it. */
  readonly ours?: true;
  /** The only commands that it is for. */
  readonly only?: readonly string[];
  /** Commands of ours for which it does nothing; those of the original take any option, so that scripts go on to work. */
  readonly except?: readonly string[];
  /** Name of the value in the help. */
  readonly value?: string;
  readonly describe: string;
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
}

/** Verbs of ours that say beforehand what a merge would do. They carry nothing out, so options of that would do nothing;
 * their exit status 1 is an answer. */
export const LOOKING: readonly string[] = [
  'explain',
  'plan',
  'which',
  'files',
  'conflicts',
  'graph',
  'check',
  'doctor',
  'expect',
  'verify',
];

/** Those of them that are about the layers of a merge. */
const LAYERS: readonly string[] = ['which', 'files', 'conflicts', 'graph'];

/** Verbs of ours that change what is installed. */
export const INSTALLING: readonly string[] = [
  'install',
  'remove',
  'enable',
  'disable',
  'mask',
  'unmask',
  'rollback',
];

/** Those of them that switch extensions on and off. */
const SWITCHING: readonly string[] = ['enable', 'disable', 'mask', 'unmask'];

/** Those of them that say nothing of how it would be carried out. */
const UNPLANNED: readonly string[] = ['versions', 'lock', ...LOOKING.filter((verb) => verb !== 'plan')];

/** Those of them that say nothing of what would be merged. */
const UNMERGED: readonly string[] = [
  'check',
  'doctor',
  'expect',
  'versions',
  'verify',
  'lock',
  'init',
  'pack',
];

/** Verbs of ours that make something of their own, and change no merge. */
const MAKING: readonly string[] = ['run', 'init', 'pack'];

/** Those for which extensions can be chosen. */
const CHOOSING: readonly string[] = ['merge', 'refresh', 'plan', ...LAYERS];

/** Those that merge, or say beforehand how that would go. */
const MERGING: readonly string[] = ['merge', 'refresh', 'plan'];

/** In which forms beside JSON of our own a verb can print what it has found; the first is the default. */
export const FORMATS = {
  explain: ['text', 'github'],
  plan: ['text', 'sh'],
  graph: ['text', 'mermaid', 'svg'],
  check: ['text', 'sarif', 'github'],
  expect: ['text', 'tap', 'junit', 'github'],
  pack: ['squashfs', 'erofs', 'ext4', 'directory'],
} as const;

export type Format = (typeof FORMATS)[keyof typeof FORMATS][number];

export const OPTIONS = {
  root: { type: 'string', value: 'PATH', describe: 'Work on the system below PATH; implies --no-reload' },
  class: {
    type: 'string',
    ours: true,
    value: 'CLASS',
    describe: 'Class of extensions: sysext (/usr, /opt) or confext (/etc)',
    choices: ['sysext', 'confext'],
  },
  force: {
    type: 'boolean',
    except: UNMERGED,
    describe: 'Merge extensions whatever system they are made for',
  },
  only: {
    type: 'string',
    value: 'GLOB',
    ours: true,
    multiple: true,
    only: [...CHOOSING, 'explain'],
    describe: 'Merge only extensions whose name fits; may be given several times',
  },
  except: {
    type: 'string',
    value: 'GLOB',
    ours: true,
    multiple: true,
    only: [...CHOOSING, 'explain'],
    describe: 'Leave out extensions whose name fits; may be given several times',
  },
  from: {
    type: 'string',
    value: 'DIR',
    ours: true,
    multiple: true,
    only: [...CHOOSING, 'explain'],
    describe: 'Look for extensions in DIR first; may be given several times',
  },
  order: {
    type: 'string',
    value: 'NAMES',
    ours: true,
    only: CHOOSING,
    describe: 'Put these on top of all others, the last one uppermost; separated by commas',
  },
  locked: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: MERGING,
    describe: 'Merge just what this lock file says, or nothing if that is not what is installed',
  },
  'keep-going': {
    type: 'boolean',
    ours: true,
    only: MERGING,
    describe: 'Skip extensions that are broken, and merge the others; exit status 3',
  },
  strict: {
    type: 'boolean',
    ours: true,
    only: MERGING,
    describe: 'Merge nothing if an extension would be ignored',
  },
  'exit-code': {
    type: 'boolean',
    ours: true,
    only: ['merge', 'refresh'],
    describe: 'Exit status 4 if nothing is merged, 5 if something was ignored, 6 if nothing has changed',
  },
  noexec: {
    type: 'string',
    except: [...UNPLANNED, 'init', 'pack'],
    value: 'BOOL',
    describe: 'Whether programs in the merged hierarchies can not be executed',
  },
  mutable: {
    type: 'string',
    except: ['explain', 'run', ...UNMERGED],
    value: 'MODE',
    describe: 'How writable the merged hierarchies are (no, yes, auto, import, ephemeral, ephemeral-import)',
    choices: MUTABLE_MODES,
  },
  'image-policy': {
    type: 'string',
    except: UNMERGED.filter((verb) => verb !== 'expect'),
    value: 'POLICY',
    describe: 'Which protection disk images must have',
  },
  image: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['policy'],
    describe: "With 'policy': say what it does to this image",
  },
  host: {
    type: 'string',
    value: 'FILE',
    ours: true,
    multiple: true,
    only: ['explain'],
    describe: "With 'explain': for the system with this os-release file; may be given several times",
  },
  arch: {
    type: 'string',
    value: 'ARCHITECTURE',
    ours: true,
    only: ['explain', ...AUTHORING],
    describe: "With 'explain', 'init' and 'pack': for this architecture",
  },
  scope: {
    type: 'string',
    value: 'SCOPE',
    ours: true,
    only: ['explain', ...AUTHORING],
    describe: "With 'explain': for a system or an initrd; with 'init' and 'pack': for all of these",
    choices: ['system', 'initrd', 'portable'],
  },
  planned: {
    type: 'boolean',
    ours: true,
    only: LAYERS,
    describe: "With 'which', 'files', 'conflicts' and 'graph': of the next merge, not of what is merged now",
  },
  all: {
    type: 'boolean',
    ours: true,
    only: ['refresh', 'plan', 'which'],
    describe:
      "With 'refresh': all that is installed, whatever was chosen before; with 'which': also tell of each name in a directory",
  },
  'fail-on': {
    type: 'string',
    value: 'KINDS',
    ours: true,
    only: ['conflicts'],
    describe: "With 'conflicts': which kinds make the exit status 1, separated by commas",
  },
  allow: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['conflicts'],
    describe: "With 'conflicts': let pass what fits a pattern in this file",
  },
  file: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['expect'],
    describe: "With 'expect': also the assertions in this file, one a line; - is standard input",
  },
  format: {
    type: 'string',
    value: 'FORMAT',
    ours: true,
    only: Object.keys(FORMATS),
    describe: "With 'explain', 'plan', 'graph', 'check', 'expect' and 'pack': another form of the output",
    choices: [...new Set(Object.values(FORMATS).flat())],
  },
  against: {
    type: 'string',
    value: 'PATH',
    ours: true,
    multiple: true,
    only: ['check'],
    describe: "With 'check': say what would drop out with this os-release file or root directory",
  },
  now: {
    type: 'boolean',
    ours: true,
    only: [...INSTALLING, 'update'],
    describe: 'Refresh afterwards, in the same call',
  },
  runtime: {
    type: 'boolean',
    ours: true,
    only: SWITCHING,
    describe: 'Switch on or off until the next boot only',
  },
  sha256: {
    type: 'string',
    value: 'HEX',
    ours: true,
    only: ['install'],
    describe: "With 'install': the checksum that the file must have",
  },
  'max-size': {
    type: 'string',
    value: 'SIZE',
    ours: true,
    only: ['install', 'update'],
    describe: 'Download no more than that, such as 500M (default: 4G)',
  },
  'version-as': {
    type: 'string',
    value: 'VERSION',
    ours: true,
    only: ['install'],
    describe: "With 'install': the version that it is installed as",
  },
  check: {
    type: 'boolean',
    ours: true,
    only: ['update'],
    describe: "With 'update': only say whether there is something newer",
  },
  'dry-run': {
    type: 'boolean',
    ours: true,
    only: ['update'],
    describe: "With 'update': say what would be done, and do nothing",
  },
  verify: {
    type: 'string',
    value: 'BOOL',
    ours: true,
    only: ['update'],
    describe: "With 'update': whether lists of files must be signed, whatever the transfer files say",
  },
  diff: {
    type: 'boolean',
    ours: true,
    only: ['plan'],
    describe: "With 'plan': compare with what is merged now",
  },
  fix: {
    type: 'boolean',
    ours: true,
    only: ['doctor'],
    describe: "With 'doctor': take away what calls that were killed have left",
  },
  lock: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['verify'],
    describe: "With 'verify': the lock file (default: sysext.lock or confext.lock)",
  },
  ...MAKING_OPTIONS,
  'always-refresh': {
    type: 'string',
    except: [...UNPLANNED, ...MAKING],
    value: 'BOOL',
    describe: 'Refresh even if nothing has changed',
  },
  'lock-timeout': {
    type: 'string',
    except: ['versions', 'lock', ...LOOKING, ...MAKING],
    ours: true,
    value: 'SECONDS',
    describe: 'How long to wait for another call on the same root (default: without limit)',
  },
  'no-reload': {
    type: 'boolean',
    except: [...UNPLANNED, ...MAKING],
    describe: 'Do not reload the service manager',
  },
  json: {
    type: 'string',
    except: ['lock', ...INSTALLING, 'run', 'init'],
    value: 'FORMAT',
    describe: 'Print results as JSON: pretty, short or off',
    choices: ['pretty', 'short', 'off'],
  },
  verbose: {
    type: 'boolean',
    except: ['versions', 'update', 'lock', ...INSTALLING, ...LOOKING, ...MAKING],
    ours: true,
    describe: 'Print more columns: version, format, protection, …',
  },
  'no-legend': {
    type: 'boolean',
    except: ['lock', ...INSTALLING, ...LOOKING, ...MAKING],
    describe: 'Print no header',
  },
  'no-pager': { type: 'boolean', describe: 'Accepted for compatibility; there is never a pager' },
  'log-level': {
    type: 'string',
    value: 'LEVEL',
    describe: `Print messages of this level and above: ${LEVELS.join(', ')}`,
  },
  'log-format': {
    type: 'string',
    value: 'FORMAT',
    describe: 'Print messages as text or as JSON lines',
    choices: ['text', 'json'],
  },
  help: { type: 'boolean', alias: 'h', asks: true, describe: 'Print this help' },
  version: { type: 'boolean', asks: true, describe: 'Print the version' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export const VERBS = {
  status: 'Show what is merged (default)',
  merge: 'Merge the extensions that fit this system',
  unmerge: 'Take them off again',
  refresh: 'Merge what is installed now in place of what was merged',
  list: 'List installed extensions',
  explain: 'Say of each extension whether it would be merged, and why',
  plan: 'Show the steps of a merge, unmerge or refresh, and why each is needed',
  which: 'Say which layer a file comes from, and what it hides',
  files: 'List the files of an extension with what of them is seen',
  conflicts: 'Say what extensions do to each other and to the host',
  graph: 'Draw the layers',
  check: 'Look for what is wrong with an image before it is merged anywhere',
  init: 'Write the source tree of a new extension',
  pack: 'Make an image of directories, packages or archives',
  run: 'Run a command that sees extensions, and nobody else does',
  install: 'Install an image or a directory after it was checked, beside older versions',
  remove: 'Remove an extension, or one version of it',
  versions: 'List the versions that are installed',
  rollback: 'Go back to an older version',
  update: 'Install newer versions, as transfer files of systemd-sysupdate say',
  enable: 'Switch an extension on again',
  disable: 'Switch an installed extension off',
  mask: 'Let nothing be merged by a name, whether it is installed or not',
  unmask: 'Take a mask away',
  inspect: 'Show what an image is and what is in it',
  policy: 'Explain an image policy, or the one in force',
  expect: 'Say whether what is asserted of this machine is so, for scripts and tests',
  lock: 'Write down what is merged, to be merged or compared elsewhere',
  verify: 'Say whether what is merged is what a lock file says',
  doctor: 'Say what this machine lacks, and what calls that were killed have left',
  completion: 'Print what makes a shell complete command lines of this program',
  help: 'Print this help',
} as const;

export type VerbName = keyof typeof VERBS;

/** The argument of a verb. */
export interface ArgumentSpec {
  /** Its name in the help. */
  readonly value: string;
  /** The only words that are allowed; without them any text is. */
  readonly choices?: readonly string[];
  /** It is the path of a file or directory. */
  readonly isFile?: true;
  /** The verb can do without it. */
  readonly optional?: true;
  /** There may be more than one. */
  readonly multiple?: true;
  /** Name of a second argument, which may be left out. */
  readonly second?: string;
  /** Name in the help of those that may follow: any number of any text. */
  readonly others?: string;
}

/** The verbs that take an argument. */
export const VERB_ARGUMENTS = {
  merge: { value: 'NAME', optional: true, multiple: true },
  refresh: { value: 'NAME', optional: true, multiple: true },
  explain: { value: 'EXTENSION', optional: true, multiple: true, isFile: true },
  plan: { value: 'COMMAND', optional: true, choices: ['merge', 'unmerge', 'refresh'], others: 'NAME' },
  expect: { value: 'ASSERTION', optional: true, multiple: true },
  check: { value: 'IMAGE', optional: true, multiple: true, isFile: true },
  which: { value: 'PATH', multiple: true, isFile: true },
  files: { value: 'EXTENSION' },
  init: { value: 'NAME', isFile: true },
  pack: { value: 'SOURCE', optional: true, multiple: true, isFile: true },
  run: { value: 'COMMAND', multiple: true, isFile: true },
  install: { value: 'FILE|URL', isFile: true },
  remove: { value: 'NAME', second: 'VERSION' },
  versions: { value: 'NAME', optional: true },
  rollback: { value: 'NAME', second: 'VERSION' },
  update: { value: 'NAME', optional: true },
  enable: { value: 'NAME', multiple: true },
  disable: { value: 'NAME', multiple: true },
  mask: { value: 'NAME', multiple: true },
  unmask: { value: 'NAME', multiple: true },
  inspect: { value: 'IMAGE', isFile: true },
  policy: { value: 'POLICY', optional: true },
  completion: { value: 'SHELL', choices: ['bash', 'zsh', 'fish'] },
} as const satisfies Readonly<Partial<Record<VerbName, ArgumentSpec>>>;
