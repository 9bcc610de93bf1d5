import type { RELEASE_CODES } from '../../check/codes.js';
import { printable, quoted, quotedFew } from '../printable.js';
import type { Wording } from './wording.js';

const NAME_PROBLEMS: Readonly<Record<string, string>> = {
  empty: 'it is empty',
  dot: 'it is that of a directory itself',
  slash: 'it has a slash',
  'control-character': 'it has a control character',
  'not-utf8': 'it is not valid UTF-8',
  temporary: 'it is that of a temporary file',
  'too-long': 'it is longer than 255 bytes',
};

const SYNTAX: Readonly<Record<string, string>> = {
  'no-assignment': 'is no assignment (FIELD=value) and is skipped',
  key: 'has something else than the name of a field before the =, and is skipped',
  encoding: 'is not valid UTF-8 text, and is skipped',
  'open-quote': 'has a quote that is not closed, so all that follows belongs to the value',
};

/** What other tools call an architecture, and what `ARCHITECTURE=` calls it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  amd64: 'x86-64',
  x86_64: 'x86-64',
  x64: 'x86-64',
  i386: 'x86',
  i686: 'x86',
  aarch64: 'arm64',
  armhf: 'arm',
  armv7l: 'arm',
  ppc64le: 'ppc64-le',
  ppc64el: 'ppc64-le',
  any: '_any',
  all: '_any',
  noarch: '_any',
};

export const RELEASE_WORDS: Readonly<Record<keyof typeof RELEASE_CODES, Wording>> = {
  'bad-image-name': {
    title: 'The name cannot be that of an image',
    explanation:
      'The name of an extension is the name of its file without .raw, and the end of the name of its release file. It has to be a plain file name that people can type.',
    message: ({ name = '', problem = '' }) =>
      `the name ${quoted(name)} cannot be used: ${NAME_PROBLEMS[problem]}`,
    remedy: () => 'rename the image, and its release file with it',
  },
  'no-release-file': {
    title: 'There is no release file for the name of the image',
    explanation:
      'A merge reads which system an extension is made for from its release file, which must be called extension-release. and the name of the image. Without it the extension is ignored.',
    message: ({ wanted = '', others = '' }) =>
      others === ''
        ? `it has no ${printable(wanted)}`
        : `it has no ${printable(wanted)}, only files for the names ${quotedFew(others.split(' '))}`,
    remedy: ({ wanted = '', others = '', otherClass = '' }) =>
      others === '' && otherClass !== ''
        ? `check it with --class=${otherClass}, which it has a release file for; or create ${printable(wanted)}`
        : others === ''
          ? `create ${printable(wanted)} with the ID= and VERSION_ID= of the system it is made for, or ID=_any for every system`
          : 'rename the image or that file, so that both have the same name',
  },
  'ambiguous-release-file': {
    title: 'Several release files could be meant',
    explanation:
      'No release file has the name of the image, and more than one fits that name without its version, or says that its name does not matter. So it is not clear which one counts, and the extension is ignored.',
    message: ({ candidates = '' }) =>
      `each of ${candidates.split(' ').map(quoted).join(', ')} could be meant`,
    remedy: () => 'keep one of them, and give it the name of the image',
  },
  'empty-release-file': {
    title: 'The release file is empty',
    explanation:
      'A release file without a single field does not say which system the extension is for, so it is ignored.',
    message: () => 'there is no assignment in it',
    remedy: () => 'write at least ID= into it',
  },
  'unreadable-release-file': {
    title: 'The release file cannot be read',
    explanation:
      'The release file has to be a small regular text file inside of the image. Symbolic links are followed as if the image were the root directory, so they do not lead out of it.',
    message: () => 'it cannot be looked up or read',
    remedy: () => 'make it a regular text file',
  },
  'release-file-syntax': {
    title: 'A line of the release file makes no sense',
    explanation:
      'The file has the syntax of os-release(5): FIELD=value, with quotes around values that have blanks.',
    message: ({ line = '', kind = '', text = '' }) => `line ${line} ${SYNTAX[kind]}: ${quoted(text)}`,
    remedy: ({ line = '' }) => `correct line ${line}, or remove it`,
  },
  'no-id': {
    title: 'The release file has no ID=',
    explanation:
      'ID= names the system that the extension is made for. Without it the extension fits no system.',
    message: () => 'there is no ID= in it',
    remedy: () =>
      'add ID= as in the os-release file of the system it is made for, or ID=_any if it fits every system',
  },
  'no-version': {
    title: 'The release file names a system but no version of it',
    explanation:
      'Where the host says its VERSION_ID=, the extension must say the same one, or both must have the same level. Only hosts without any version, which are called rolling releases, take an extension without one.',
    message: ({ id = '', level = '' }) => `it has ID=${printable(id)}, but neither VERSION_ID= nor ${level}=`,
    remedy: ({ level = '' }) =>
      `add the VERSION_ID= of the system it was built for, or ${level}= if that system has one`,
  },
  'unknown-architecture': {
    title: 'No machine has the architecture that it is for',
    explanation:
      'ARCHITECTURE= is compared with the name that systemd has for the architecture of the machine (systemd.unit(5), ConditionArchitecture=). Those of packages and of uname(1) are different ones, and fit no machine.',
    message: ({ found = '' }) => `there is no architecture ${quoted(found)}`,
    remedy: ({ found = '' }) =>
      OTHER_NAMES[found.toLowerCase()] === undefined
        ? 'set ARCHITECTURE= to x86-64, arm64 or another of those names, or to _any if it has no machine code'
        : `set ARCHITECTURE=${OTHER_NAMES[found.toLowerCase()]}`,
  },
  'unknown-scope': {
    title: 'The scope is not one of those that there are',
    explanation:
      'The scope says whether an extension is for a running system, for an initrd, or for portable services. With a list that has none of them it fits nowhere.',
    message: ({ field = '', found = '' }) =>
      found === '' ? `${field}= is an empty list` : `${field}= has ${quoted(found)} in it`,
    remedy: ({ field = '' }) => `take it out, or list some of 'system', 'initrd' and 'portable' in ${field}=`,
  },
  'wrong-class-field': {
    title: 'A field of the other class of extensions does nothing',
    explanation:
      'System extensions and configuration extensions have fields of their own for level and scope; of the other class they are not looked at.',
    message: ({ field = '', class: name = '' }) => `${field}= does nothing in a ${name} image`,
    remedy: ({ field = '', own = '' }) => `write ${own}= in place of ${field}=`,
  },
  'bad-reload-field': {
    title: 'What the service manager is to do cannot be understood',
    explanation:
      'EXTENSION_RELOAD_MANAGER= is yes or no; EXTENSION_RESTART_UNITS= and EXTENSION_RELOAD_OR_RESTART_UNITS= are lists of names of units, with their endings such as .service. What cannot be understood is left out after a merge.',
    message: ({ kind = '', field = '', value = '' }) =>
      kind === 'unit-name'
        ? `in ${field}= ${quoted(value)} is no name of a unit`
        : `${field}=${printable(value)} is neither yes nor no`,
    remedy: ({ kind = '', field = '' }) =>
      kind === 'unit-name' ? 'write the whole name, for example foo.service' : `set ${field}=1`,
  },
  'does-not-fit-host': {
    title: 'It does not fit the host',
    explanation:
      'On the system that it was checked against a merge would ignore this extension. The command explain shows every comparison.',
    message: ({ field = '', wanted = '', found = '' }) =>
      wanted === ''
        ? `it has no ${field}=, and the host has ${field}=${printable(found)}`
        : `it is for ${field}=${printable(wanted)}, but the host has ${printable(found)}`,
    remedy: ({ field = '', found = '' }) =>
      `build it for that system, or set ${field}=${printable(found)} if it fits`,
  },
  'os-release-inside': {
    title: 'It has an os-release file of its own',
    explanation:
      'With that file it is a whole operating system: merged, it would change what the host is. A system extension with it is ignored.',
    message: () => 'an extension must not have this file',
    remedy: () => 'remove it; what system the extension is for belongs into its release file',
  },
  'version-sorts-wrong': {
    title: 'The version will be sorted as nobody means it',
    explanation:
      'Of several versions the newest is taken, by the order of the UAPI version format: 1.0-rc1 is newer than 1.0, and only 1.0~rc1 is older; what begins with a letter is older than every number.',
    message: ({ kind = '', version = '', release = '' }) =>
      kind === 'letter'
        ? `${quoted(version)} begins with a letter, so it is older than every version that begins with a number`
        : `${quoted(version)} is newer than ${quoted(release)}`,
    remedy: ({ better = '' }) => `call that version ${quoted(better)}`,
  },
};
