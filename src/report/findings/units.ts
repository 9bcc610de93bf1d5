import type { UNIT_CODES } from '../../check/codes.js';
import { printable, quoted } from '../printable.js';
import type { Wording } from './wording.js';

const TYPES: Readonly<Record<string, string>> = {
  file: 'it is too large, or cannot be opened',
  directory: 'it is a directory',
  fifo: 'it is a FIFO',
  socket: 'it is a socket',
  character: 'it is a device',
  block: 'it is a device',
  many: 'there are so many units that not all of them were read',
};

const MISSING: Readonly<Record<string, string>> = {
  missing: 'neither the image nor the host has it',
  loop: 'symbolic links there lead in a circle',
  unmerged: 'the image has it where it is not merged',
  unknown: 'the image does not have it; whether the host has it is not known',
};

export const UNIT_WORDS: Readonly<Record<keyof typeof UNIT_CODES, Wording>> = {
  'unit-unreadable': {
    title: 'A unit file cannot be read',
    explanation: 'Unit files are small regular text files; the service manager reads no others.',
    message: ({ type = '' }) => TYPES[type] ?? 'it cannot be read',
    remedy: () => 'make it a regular text file',
  },
  'unit-not-started': {
    title: 'Nothing starts this unit when the image is merged',
    explanation:
      'A target starts what it wants when it is reached. When an extension is merged the usual targets were reached long ago, and look no second time: neither a link in .wants/ nor WantedBy= starts anything then. A drop-in with Upholds= does, since a target looks after what it upholds all the time; so does EXTENSION_RESTART_UNITS= in the release file.',
    message: ({ unit = '', how = '', target = '' }) =>
      how === 'boot'
        ? `${printable(unit)} is wanted by ${printable(target)}, which starts it only if it is merged before the service manager starts, as in an initrd`
        : how === 'enable'
          ? `nothing in the image starts ${printable(unit)}; somebody has to enable or start it`
          : `nothing in the image starts ${printable(unit)}, and it cannot be enabled`,
    remedy: ({ unit = '', dropIn = '', oneshot = '' }) =>
      oneshot === 'yes'
        ? `add EXTENSION_RESTART_UNITS=${printable(unit)} to the release file`
        : `add ${printable(dropIn)} with the lines [Unit] and Upholds=${printable(unit)}, or EXTENSION_RESTART_UNITS=${printable(unit)} to the release file`,
  },
  'no-manager-reload': {
    title: 'The service manager is not told of new units',
    explanation:
      'The service manager knows the units that were there when it last read them. Without EXTENSION_RELOAD_MANAGER=1, or a list of units to restart, it does not see those of the image before somebody reloads it.',
    message: ({ unit = '' }) =>
      `the image brings ${quoted(unit)}, and its release file does not ask for a reload`,
    remedy: () => 'add EXTENSION_RELOAD_MANAGER=1 to the release file',
  },
  'unknown-unit': {
    title: 'A unit that is to be restarted is not there',
    explanation:
      'What EXTENSION_RESTART_UNITS= and EXTENSION_RELOAD_OR_RESTART_UNITS= name is restarted after the merge, which fails if there is no such unit.',
    message: ({ unit = '' }) => `${printable(unit)} is neither in the image nor on the host`,
    remedy: () => 'correct the name, or add the unit',
  },
  'exec-missing': {
    title: 'A unit starts a program that is not there',
    explanation:
      'The program is looked for as it will be found when the image is merged: in the image below its hierarchies, and else on the host. Without it the unit fails.',
    message: ({ key = '', program = '', why = '' }) =>
      `${printable(key)}= calls ${quoted(program)}: ${MISSING[why]}`,
    remedy: ({ why = '' }) =>
      why === 'unknown'
        ? 'check it against the host, with --root='
        : 'add the program, or correct the path in the unit',
  },
  'exec-not-executable': {
    title: 'A unit starts what cannot be executed',
    explanation:
      'A program has to be a regular file with the permission to be executed. What is in a configuration extension is merged with the option noexec and can never be.',
    message: ({ key = '', program = '', why = '', mode = '' }) =>
      `${printable(key)}= calls ${quoted(program)}, which ${
        why === 'noexec'
          ? 'is in this configuration extension, where nothing can be executed'
          : why === 'mode'
            ? `has mode ${mode}`
            : 'is not a regular file'
      }`,
    remedy: ({ why = '' }) =>
      why === 'noexec'
        ? 'put it into a system extension'
        : why === 'mode'
          ? 'chmod +x'
          : 'put a program there',
  },
};
