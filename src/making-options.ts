import type { OptionSpec } from './options.js';

/** Verbs that make an extension. */
export const AUTHORING: readonly string[] = ['init', 'pack'];

/** Options of the verbs `run`, `init` and `pack` that hardly another verb has; a part of the table in options.ts. */
export const MAKING_OPTIONS = {
  with: {
    type: 'string',
    value: 'IMAGE',
    ours: true,
    multiple: true,
    only: ['run'],
    describe: "With 'run': the extension that the command sees; may be given several times",
  },
  'with-confext': {
    type: 'string',
    value: 'IMAGE',
    ours: true,
    multiple: true,
    only: ['run'],
    describe: "With 'run': the configuration extension that the command sees in /etc",
  },
  writable: {
    type: 'boolean',
    ours: true,
    only: ['run'],
    describe: "With 'run': the command may write to what is merged; that is gone when it ends",
  },
  keep: {
    type: 'string',
    value: 'DIRECTORY',
    ours: true,
    only: ['run'],
    describe: "With 'run --writable': save there what the command has changed",
  },
  output: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['pack', 'lock'],
    describe:
      "With 'pack': the image to make, NAME.raw, or NAME for a directory; with 'lock': the file to write, or - for standard output",
  },
  deb: {
    type: 'string',
    value: 'PACKAGE',
    ours: true,
    multiple: true,
    only: ['pack'],
    describe: "With 'pack': a Debian package, a file or a name for apt; may be given several times",
  },
  tar: {
    type: 'string',
    value: 'FILE',
    ours: true,
    multiple: true,
    only: ['pack'],
    describe: "With 'pack': a tar archive or an OCI image archive; may be given several times",
  },
  'for-host': {
    type: 'string',
    value: 'PATH',
    ours: true,
    only: AUTHORING,
    describe: "With 'init' and 'pack': for the system below PATH",
  },
  id: {
    type: 'string',
    value: 'ID',
    ours: true,
    only: AUTHORING,
    describe: "With 'init' and 'pack': ID= of the systems that it is for, or _any",
  },
  'version-id': {
    type: 'string',
    value: 'VERSION',
    ours: true,
    only: AUTHORING,
    describe: "With 'init' and 'pack': VERSION_ID= of the systems that it is for",
  },
  level: {
    type: 'string',
    value: 'VERSION',
    ours: true,
    only: AUTHORING,
    describe: "With 'init' and 'pack': SYSEXT_LEVEL= (CONFEXT_LEVEL=) of the systems that it is for",
  },
  field: {
    type: 'string',
    value: 'NAME=VALUE',
    ours: true,
    multiple: true,
    only: AUTHORING,
    describe: "With 'init' and 'pack': another field of the release file; may be given several times",
  },
  service: {
    type: 'string',
    value: 'UNIT',
    ours: true,
    multiple: true,
    only: ['pack'],
    describe: "With 'pack': have this unit start when it is merged; may be given several times",
  },
  verity: {
    type: 'boolean',
    ours: true,
    only: ['pack'],
    describe: "With 'pack': make a disk image with a hash tree",
  },
  'private-key': {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['pack'],
    describe: "With 'pack': sign the root hash with this key; implies --verity",
  },
  certificate: {
    type: 'string',
    value: 'FILE',
    ours: true,
    only: ['pack'],
    describe: "With 'pack': the certificate of that key",
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
