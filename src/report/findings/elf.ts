import type { ELF_CODES } from '../../check/elf/codes.js';
import type { Finding } from '../../check/finding.js';
import { printable, quoted } from '../printable.js';
import type { Wording } from './wording.js';

type Detail = Finding['detail'];

/** A file is one of several with the same trouble: `, as do 4 others`. */
function andOthers({ others = '0', paths = '' }: Detail, verb: string, verbOfMany: string): string {
  if (others === '0') return '';
  if (others === '1') return `, as ${verb} ${quoted(paths)}`;
  return `, as ${verbOfMany} ${others} others, such as ${quoted(lines(paths)[0] ?? '')}`;
}

const alsoHas = (detail: Detail): string => andOthers(detail, 'has', 'have');
const alsoDoes = (detail: Detail): string => andOthers(detail, 'does', 'do');
const alsoIs = (detail: Detail): string => andOthers(detail, 'is', 'are');

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Names of a list, of which only the first are told. */
function some(text: string, count: number): string {
  const names = lines(text);
  const more = count - names.length;
  return `${names.map(printable).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MUSL = /\/ld-musl-[^/]*$/;
const GNU = /\/(ld-linux[^/]*|ld64\.so\.\d+|ld\.so\.\d+)$/;

function madeFor(loader: string): string {
  if (MUSL.test(loader)) return ', the loader of the C library musl, as in Alpine Linux';
  return GNU.test(loader) ? ', the loader of the GNU C library' : '';
}

const PARTS: Readonly<Record<string, string>> = {
  header: 'its header',
  'program-headers': 'the table of its parts (program headers)',
  interpreter: 'the name of its loader',
  'dynamic-section': 'the list of its libraries (dynamic section)',
  'string-table': 'the table of names',
  'needed-versions': 'the list of the versions it needs',
  'defined-versions': 'the list of the versions it has',
};

const PROBLEMS: Readonly<Record<string, string>> = {
  'cut-short': 'lies behind the end of the file',
  'too-large': 'is larger than it can be',
  invalid: 'makes no sense',
};

const SCRIPTS: Readonly<Record<string, (interpreter: string, command: string) => string>> = {
  missing: (interpreter, command) =>
    command === ''
      ? `it is a script for ${interpreter}, which neither the image nor the host has`
      : `it is a script for ${command}, which is in no directory that ${interpreter} looks in`,
  'line-end': () => 'its first line ends as lines of DOS and Windows do, which becomes a part of the name',
  'not-split': (interpreter, command) => `${interpreter} takes all of ${command} for the name of one program`,
  relative: (interpreter) =>
    `it is a script for ${interpreter}, which is looked for in the working directory`,
  'too-long': () => 'its first line is longer than the 255 bytes that the kernel reads',
};

const SCRIPT_REMEDIES: Readonly<Record<string, string>> = {
  missing: 'put the interpreter into the image, or name one that the host has in the first line',
  'line-end': 'convert the script, for example with sed -i "s/\\r$//"',
  'not-split': 'write #!/usr/bin/env -S before the name of the program and its arguments',
  relative: 'write the whole path of the interpreter',
  'too-long': 'write a shorter path, or use #!/usr/bin/env',
};

export const ELF_WORDS: Readonly<Record<keyof typeof ELF_CODES, Wording>> = {
  'foreign-architecture': {
    title: 'Programs are for another architecture',
    explanation:
      'A program has code for one kind of processor. Another one cannot run it: the kernel says "Exec format error", and libraries for another processor are passed over as if they were not there.',
    message: (detail) => {
      const { architecture = '', wanted = '', saidBy = '' } = detail;
      const who =
        saidBy === 'release' ? `the release file says ARCHITECTURE=${wanted}` : `the host is ${wanted}`;
      return `it is for ${printable(architecture)}, but ${printable(who)}${alsoIs(detail)}`;
    },
    remedy: ({ architecture = '', wanted = '', where = '' }) =>
      where === 'elsewhere'
        ? 'remove it, unless it is there for another machine on purpose'
        : `build it for ${printable(wanted)}, or make an image for ${printable(architecture)} of its own`,
  },
  'missing-loader': {
    title: 'The loader that a program asks for is not there',
    explanation:
      'A program with libraries names another program, its dynamic loader, which the kernel starts in its place. Where that is missing, the shell says "No such file or directory" of a program that is clearly there. It mostly means that the program was built on a system with another C library, or for another processor.',
    message: (detail) => {
      const { loader = '' } = detail;
      return `it is started by ${quoted(loader)}${madeFor(loader)}, which neither the image nor the host has${alsoIs(detail)}`;
    },
    remedy: ({ loader = '' }) =>
      MUSL.test(loader)
        ? 'build it on a system with the C library of the host, or link it statically'
        : 'build it on a system like the host, or link it statically',
  },
  'missing-library': {
    title: 'A library that a program needs is not there',
    explanation:
      'A program names the libraries it needs, and its loader looks for them in the search path of the program, in the directories of /etc/ld.so.conf and in those of the system (ld.so(8)). If one is not there, the program does not start: "error while loading shared libraries".',
    message: (detail) => {
      const { library = '', elsewhere } = detail;
      const where =
        elsewhere === undefined
          ? 'which neither the image nor the host has'
          : `which is not where the loader looks: the image has ${quoted(elsewhere)}`;
      return `it needs the library ${quoted(library)}, ${where}${alsoDoes(detail)}`;
    },
    remedy: ({ library = '', elsewhere }) =>
      elsewhere === undefined
        ? `put ${quoted(library)} into the image too, or link the program statically`
        : "give the program that directory as its search path, for example with patchelf --set-rpath '$ORIGIN/../lib', or move the library",
  },
  'missing-symbol-version': {
    title: 'A library is older than a program needs',
    explanation:
      'A library marks what it got in each of its releases with the name of a version, such as GLIBC_2.38, and programs remember which they were linked with. Where the library does not have that version, the loader refuses the program: "version GLIBC_2.38 not found". It mostly means that the program was built on a newer system than the host.',
    message: (detail) => {
      const { library = '', provider = '', from = '', count = '1', versions = '', newest } = detail;
      const whose = from === 'host' ? "the host's" : "the image's";
      const upTo = newest === undefined ? '' : ` (its newest is ${printable(newest)})`;
      return `it needs ${some(versions, Number(count))} of ${quoted(library)}, which ${whose} ${quoted(provider)} does not have${upTo}${alsoDoes(detail)}`;
    },
    remedy: ({ from = '' }) =>
      from === 'host'
        ? 'build it on a system as old as the oldest host, put a newer library into the image (but not the C library), or link it statically'
        : 'use a newer release of that library in the image, or leave it to the host',
  },
  'library-needs-ldconfig': {
    title: 'A library is found only after ldconfig has been run',
    explanation:
      'In the directories of /etc/ld.so.conf the loader does not look itself: ldconfig(8) writes down what is in them, in /etc/ld.so.cache, and a merge does not run it. Only a few directories of the system, such as /usr/lib, are looked into without it.',
    message: (detail) => {
      const { library = '', directory = '' } = detail;
      return `it needs the library ${quoted(library)}, which is in ${quoted(directory)}, where the loader looks only after ldconfig has been run${alsoDoes(detail)}`;
    },
    remedy: () =>
      'put the library into the directory of libraries in /usr/lib or /usr/lib64, or run ldconfig after each merge and unmerge',
  },
  'missing-script-interpreter': {
    title: 'The interpreter of a script is not there',
    explanation:
      'The first line of a script names the program that runs it (execve(2)). Where that is missing, the script does not start, though it is there: "bad interpreter" or "No such file or directory".',
    message: (detail) => {
      const { interpreter = '', command = '', why = '' } = detail;
      const quotedCommand = command === '' ? '' : quoted(command);
      return `${SCRIPTS[why]?.(quoted(interpreter), quotedCommand) ?? ''}${alsoIs(detail)}`;
    },
    remedy: ({ why = '' }) => SCRIPT_REMEDIES[why] ?? '',
  },
  'hides-libc': {
    title: 'The image has a C library in place of that of the host',
    explanation:
      'While the image is merged, all programs of the host use what it brings in place of their own. The parts of a C library fit only each other: with a loader from the host and a library from the image no program starts, not even the one that takes the merge off.',
    message: (detail) => `it hides a part of the C library of the host${alsoDoes(detail)}`,
    remedy: () => 'remove the C library from the image: every system has its own',
  },
  'hides-newer-library': {
    title: 'The image has an older library in place of that of the host',
    explanation:
      'While the image is merged, all programs of the host use what it brings in place of their own. A library that lacks versions of symbols which that of the host has makes those programs fail that need them.',
    message: ({ library = '', versions = '', count = '1' }) =>
      `it hides the ${quoted(library)} of the host, and lacks ${some(versions, Number(count))}, which that has`,
    remedy: () =>
      'remove it from the image, or put it into a directory of its own with the program that needs it (patchelf --set-rpath)',
  },
  'depends-on-host-libraries': {
    title: 'An image for every system has programs that need libraries of the host',
    explanation:
      'With ID=_any the image is merged on every system. A program that uses libraries of the host runs only where these are there, and as new as where it was built.',
    message: ({ program = '', others = '0', libraries = '' }) => {
      const more = others === '0' ? ' needs' : ` and ${others} more need`;
      const which = libraries === '' ? 'its loader' : lines(libraries).map(printable).join(', ');
      return `it says ID=_any, but ${quoted(program)}${more} ${which} from the host`;
    },
    remedy: () =>
      'link the programs statically, put all of their libraries and the loader into a directory of the image, or name the system in ID= and VERSION_ID=',
  },
  'relative-library-path': {
    title: 'Libraries are looked for in the working directory',
    explanation:
      'A search path that does not begin with / is taken from the directory in which somebody happens to start the program. Who can write there decides which code is run. An empty part of the path means that directory too.',
    message: (detail) => {
      const { tag = '', directory = '' } = detail;
      return `its ${tag} has ${directory === '' ? 'an empty part' : quoted(directory)}, which means the working directory${alsoHas(detail)}`;
    },
    remedy: () => "take it out, or write $ORIGIN before it: patchelf --set-rpath '$ORIGIN/../lib'",
  },
  'library-path-of-build': {
    title: 'Libraries are looked for where the program was built',
    explanation:
      'The search path of a program has a directory of the machine it was built on. It is not there on others; or, below /tmp, anybody can make it and put libraries into it.',
    message: (detail) => {
      const { tag = '', directory = '' } = detail;
      return `its ${tag} has ${quoted(directory)}${alsoHas(detail)}`;
    },
    remedy: () =>
      'install the program with the tools of its build, or take the search path out: patchelf --remove-rpath',
  },
  'missing-library-path': {
    title: 'Libraries are looked for in a directory that is not there',
    explanation:
      'The search path of a program names a directory that neither the image nor the host has. That does no harm if its libraries are found elsewhere.',
    message: (detail) => {
      const { tag = '', directory = '' } = detail;
      return `its ${tag} has ${quoted(directory)}, which neither the image nor the host has${alsoHas(detail)}`;
    },
    remedy: () => 'take the directory out of the search path, or add it to the image',
  },
  'damaged-program': {
    title: 'A program or library is damaged',
    explanation:
      'The file begins as a program does, but the kernel and the loader cannot read it. Mostly it was not copied to its end.',
    message: (detail) => {
      const { part = '', problem = '' } = detail;
      return `${PARTS[part] ?? ''} ${PROBLEMS[problem] ?? ''}${alsoIs(detail)}`;
    },
    remedy: () => 'copy or build it again',
  },
  'unreadable-program': {
    title: 'A program or library could not be read',
    explanation: 'The system reports an error where the file is read, so it is not known what it needs.',
    message: (detail) => `it could not be read (${printable(detail.code ?? '')})${alsoIs(detail)}`,
    remedy: () => 'build the image anew, or check the disk it is on',
  },
  'programs-not-checked': {
    title: 'Not all programs were checked',
    explanation:
      'The programs of the image name so many libraries, versions and directories that it would take too long to look at all of them. No image that was made to be used has nearly as many.',
    message: () => 'there is more to look at than in any known image, so a part of it was not checked',
    remedy: () => 'look where the image comes from',
  },
};
