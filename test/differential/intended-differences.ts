import type { Aspect } from './observation.js';

/** Where ours does on purpose what the original does not. */
export interface IntendedDifference {
  readonly reason: string;
  /** What of an observation is taken out before it is compared: all of it, or what the function takes out. */
  readonly of: Partial<Record<Aspect, 'all' | ((text: string) => string)>>;
  /** The versions of the original that it is for. */
  readonly since?: number;
  readonly until?: number;
  /** It shows everywhere, such as what comes with the age of the original, so that no scenario names it. */
  readonly standing?: boolean;
}
const any = (difference: IntendedDifference): IntendedDifference => difference;

export const INTENDED_DIFFERENCES = {
  'since-below-root': any({
    reason:
      "the original prints the time of the machine's own hierarchy, ours that of the merged one below the root",
    since: 257,
    of: { stdout: withoutTimes },
  }),
  'status-below-root': any({
    reason: "the original looks for the metadata in the machine's own hierarchy and fails",
    until: 253,
    of: { status: 'all', stdout: 'all' },
  }),
  'missing-root': any({
    reason: 'the original does as if a root that does not exist were empty, ours says so and fails',
    of: { status: 'all', stdout: 'all' },
  }),
  'dev-null-masks': any({
    reason:
      'the manual page says that a symlink to /dev/null masks an image, the original takes it for a dangling one',
    of: { stdout: 'all', metadata: 'all', tree: 'all' },
  }),
  'symlink-loop': any({
    reason: 'the original finds no image at all where one symlink leads to itself, ours leaves that one out',
    since: 254,
    of: { status: 'all', stdout: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'dangling-version': any({
    reason:
      'the original leaves a versioned directory out for one dangling symlink in it, ours leaves that entry out',
    since: 257,
    of: { stdout: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'name-too-long': any({
    reason:
      'the original gives the whole merge up for one name that is too long for a release file, ours leaves it out',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'image-without-release': any({
    reason:
      'the original takes an image without release file for broken and gives up, ours for one that does not fit',
    since: 254,
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'hierarchy-of-the-machine': any({
    reason: "the original's status fails if a hierarchy merged below the root is none of the machine's own",
    of: { status: 'all', stdout: 'all' },
  }),
  'hierarchy-slash': any({
    reason: 'the original shows a hierarchy with the slash at its end that it was named with, ours without',
    of: { stdout: 'all' },
  }),
  'hierarchy-twice': any({
    reason: 'the original merges a hierarchy twice that is named twice, ours once',
    of: { stdout: 'all', mounts: 'all' },
  }),
  'owner-of-the-hierarchy': any({
    reason:
      "the merged root keeps the host's owner and all bits of its mode, the original keeps the permission bits",
    since: 254,
    of: { tree: 'all' },
  }),
  'empty-hierarchy': any({
    reason:
      'with import and auto the original fails where there is nothing to show in a hierarchy, ours merges it empty',
    since: 256,
    of: { status: 'all', stdout: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'failed-refresh': any({
    reason: 'of a refresh that fails the original leaves nothing merged, ours what was merged before',
    since: 257,
    of: { mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'failed-merge': any({
    reason:
      'of a merge that fails the original leaves the write directories that it made, ours takes them away',
    since: 257,
    of: { tree: 'all' },
  }),
  'covered-hierarchy': any({
    reason:
      'where a mount is below a hierarchy that no extension has, the original covers the hierarchy with an empty directory',
    since: 262,
    of: { stdout: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'peer-mounts': any({
    reason: 'of two binds of one directory the original takes off what is mounted in both, ours keeps it',
    since: 262,
    of: { mounts: 'all', tree: 'all' },
  }),
  'refresh-to-host': any({
    reason:
      'the original cannot make a merge writable whose write directory is the hierarchy itself: it looks at the merged one',
    since: 262,
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'mode-of-the-host': any({
    reason: 'the original asks mode 0755 of a hierarchy that is its own write directory',
    since: 262,
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'second-work-directory': any({
    reason:
      'ours keeps the old overlay until the new one is shown, so that a refresh needs a work directory of another name',
    since: 256,
    of: { metadata: firstWorkDirectory, tree: firstWorkDirectory },
  }),
  'special-names': any({
    reason: 'the original fails on names with a comma, a colon, a backslash or a quote, ours merges them',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'forbidden-os-release': any({
    reason: 'the original gives the whole merge up for one extension with an os-release, even with --force',
    since: 254,
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'dangling-os-release': any({
    reason:
      "the original merges an extension whose os-release is a symlink to nothing, which then covers the host's",
    of: { metadata: 'all', tree: 'all' },
  }),
  'foreign-partition': any({
    reason:
      'the original takes a partition of any other architecture where there is none for the machine, and then refuses a mixture; ours leaves it out',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'unfinished-partition': any({
    reason: 'the original takes a partition that by its label is just being written, ours leaves it out',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'damaged-table': any({
    reason:
      'without a first header, the original looks for the backup where sectors of 512 bytes would end, ours also where those of 4096 do',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'large-entries': any({
    reason:
      'the original knows partition tables with entries of 128 bytes only, ours all that the format allows',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'mbr-disk': any({
    reason:
      'the original takes the bootable Linux partition of a disk without GPT, ours has no use for such disks',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'ambiguous-table': any({
    reason:
      'the original takes a disk whose MBR or partitions contradict its table, ours refuses what not all programs read alike',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'several-file-systems': any({
    reason: 'where an image policy names several file systems, the original takes any other one as well',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'verity-without-device-mapper': any({
    reason:
      'without device mapper the original cannot use an image with a hash tree, ours checks all of it before',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'chosen-names': any({
    reason: 'merge and refresh of the original take no names of extensions, ours merge just those',
    of: { status: 'all', mounts: 'all', metadata: 'all', tree: 'all' },
  }),
  'image-facts': any({
    reason:
      'in JSON, ours also tells format, partitions, protection, root hash, version and loop devices of an image, and what was chosen',
    standing: true,
    of: { stdout: withoutImageFacts },
  }),
  'word-none': any({
    reason: 'a hierarchy with nothing merged had the word none in place of a dash and of an empty list',
    until: 257,
    standing: true,
    of: { stdout: (text) => text.replace(/"none"/g, '[]').replace(/^(\/\S+) +(none|-) +-$/gm, '$1 - -') },
  }),
  'without-nodev': any({
    reason: 'mounts came without nodev',
    until: 253,
    standing: true,
    of: { mounts: (text) => text.replace(/,nodev\b/g, '') },
  }),
  'less-metadata': any({
    reason: 'the metadata directory had less files',
    until: 257,
    standing: true,
    of: { metadata: (text) => withoutLines(text, /\/(origin|backing) /) },
  }),
} as const;

export type DifferenceId = keyof typeof INTENDED_DIFFERENCES;

function withoutTimes(text: string): string {
  return text
    .replace(/<now>\.*|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<time>')
    .replace(/("since" ?: ?)(<now>|\d{16})/g, '$1<time>');
}

const VALUE = /(?:null|"[^"]*"|\[[^[\]]*\])/.source;
/** What `list` has after the time, all of it: with one of them missing, the others stay and are seen. */
const LIST_KEYS = keys(['version', 'format', 'partitions', 'protection', 'rootHash', 'loopDevices']);
/** What `status` has as its last key. */
const STATUS_CHOICE = /,\s*"choice" ?: ?(?:null|\{[^{}]*\})/g;
/** What it has before that. In a list of its own each image begins with its name. */
const STATUS_IMAGES = new RegExp(
  `,\\s*"images" ?: ?\\[(?:\\s*\\{\\s*"name" ?: ?${VALUE},\\s*"path" ?: ?${VALUE}${LIST_KEYS}\\s*\\},?)*\\s*\\]`,
  'g',
);

function keys(names: readonly string[]): string {
  return names.map((name) => `,\\s*"${name}" ?: ?${VALUE}`).join('');
}

function withoutImageFacts(text: string): string {
  return text.replace(STATUS_IMAGES, '').replace(STATUS_CHOICE, '').replace(new RegExp(LIST_KEYS, 'g'), '');
}

function firstWorkDirectory(text: string): string {
  return text.replace(/(\.systemd-[\w.]+)\.1-workdir/g, '$1-workdir');
}

const withoutLines = (text: string, pattern: RegExp): string =>
  text
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');
