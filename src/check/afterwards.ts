import { basename } from 'node:path';
import { collectWishes } from '../services/wishes.js';
import { type CheckedImage, isInHierarchy } from './image.js';
import type { Entry } from './tree.js';
import { findUnits } from './units/find-units.js';
import { findNotStarted } from './units/starts.js';
import { wordsOf } from './units/unit-file.js';

/** What has to be told of new files after a merge. */
export type Reader =
  | 'linker'
  | 'users'
  | 'tmpfiles'
  | 'module-index'
  | 'modules'
  | 'sysctl'
  | 'binfmt'
  | 'hardware'
  | 'udev'
  | 'devices'
  | 'dbus'
  | 'settings'
  | 'file-types'
  | 'desktop-entries'
  | 'icons'
  | 'fonts'
  | 'manager'
  | 'units';

/** A command to run after a merge, and what in the image makes it necessary. */
export interface FollowUp {
  readonly reader: Reader;
  readonly command: readonly string[];
  /** One of the files; from the image. */
  readonly path: string;
  readonly count: number;
  /** It is done without a word: by `merge`, since the release file asks for it, or by a unit of the image. */
  readonly isDone: boolean;
  /** It writes into `/usr`, which is read-only while something is merged. */
  readonly writes: boolean;
}

interface Rule {
  readonly reader: Reader;
  readonly pattern: RegExp;
  readonly command: readonly string[];
  readonly writes?: true;
}

const CONFIGURATION = '^/(usr/(local/)?lib|etc)';
const SHARE = '^/usr/(local/)?share';

/**
 * In the order in which they have to run: libraries before programs that need them, users before files that belong to them, both
 * before what is started; and the service manager last.
 */
const RULES: readonly Rule[] = [
  {
    reader: 'linker',
    pattern:
      /^\/usr\/(local\/)?lib(32|64|x32)?(\/[^/]+-linux-[^/]+)?\/[^/]+\.so(\.[0-9.]+)?$|^\/etc\/ld\.so\.conf\.d\//,
    command: ['ldconfig'],
  },
  { reader: 'users', pattern: directory('sysusers.d', 'conf'), command: ['systemd-sysusers'] },
  { reader: 'tmpfiles', pattern: directory('tmpfiles.d', 'conf'), command: ['systemd-tmpfiles', '--create'] },
  {
    reader: 'module-index',
    pattern: /^\/usr\/lib\/modules\/[^/]+\/.*\.ko(\.(gz|xz|zst))?$/,
    command: ['depmod', '--all'],
    writes: true,
  },
  {
    reader: 'modules',
    pattern: directory('modules-load.d', 'conf'),
    command: ['systemctl', 'restart', 'systemd-modules-load.service'],
  },
  { reader: 'sysctl', pattern: directory('sysctl.d', 'conf'), command: ['sysctl', '--system'] },
  {
    reader: 'binfmt',
    pattern: directory('binfmt.d', 'conf'),
    command: ['systemctl', 'restart', 'systemd-binfmt.service'],
  },
  { reader: 'hardware', pattern: directory('udev/hwdb.d', 'hwdb'), command: ['systemd-hwdb', 'update'] },
  {
    reader: 'udev',
    pattern: directory('udev/rules.d', 'rules'),
    command: ['udevadm', 'control', '--reload'],
  },
  {
    reader: 'devices',
    pattern: directory('udev/(rules|hwdb).d', '(rules|hwdb)'),
    command: ['udevadm', 'trigger'],
  },
  {
    reader: 'dbus',
    pattern: new RegExp(
      `(${SHARE}|^/etc)/dbus-1/(system|session|system-services|services|interfaces)(\\.d)?/[^/]+$`,
    ),
    command: [
      'busctl',
      'call',
      'org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus',
      'ReloadConfig',
    ],
  },
  {
    reader: 'settings',
    pattern: new RegExp(`${SHARE}/glib-2.0/schemas/[^/]+\\.(gschema\\.xml|gschema\\.override|enums\\.xml)$`),
    command: ['glib-compile-schemas', '/usr/share/glib-2.0/schemas'],
    writes: true,
  },
  {
    reader: 'file-types',
    pattern: new RegExp(`${SHARE}/mime/packages/[^/]+\\.xml$`),
    command: ['update-mime-database', '/usr/share/mime'],
    writes: true,
  },
  {
    reader: 'desktop-entries',
    pattern: new RegExp(`${SHARE}/applications/[^/]+\\.desktop$`),
    command: ['update-desktop-database', '/usr/share/applications'],
    writes: true,
  },
  {
    reader: 'icons',
    pattern: new RegExp(`${SHARE}/icons/hicolor/.*\\.(png|svg|xpm)$`),
    command: ['gtk-update-icon-cache', '/usr/share/icons/hicolor'],
    writes: true,
  },
  {
    reader: 'fonts',
    pattern: new RegExp(`${SHARE}/fonts/.*\\.(ttf|otf|ttc|pcf(\\.gz)?)$`),
    command: ['fc-cache'],
  },
];

function directory(name: string, suffix: string): RegExp {
  return new RegExp(`${CONFIGURATION}/${name.replace('.d', '\\.d')}/[^/]+\\.${suffix}$`);
}

/** What to run after the image is merged, in this order; nobody does it for it, but what is marked as done. */
export function findFollowUps(image: CheckedImage): FollowUp[] {
  const seen = new Map<Rule, { first: Entry; count: number }>();
  for (const entry of image.tree.entries) {
    if (entry.type === 'directory' || !isInHierarchy(image, entry.path)) continue;
    for (const rule of RULES) {
      if (!rule.pattern.test(entry.path)) continue;
      const known = seen.get(rule);
      if (known === undefined) seen.set(rule, { first: entry, count: 1 });
      else known.count += 1;
    }
  }
  const files = RULES.flatMap(({ reader, command, writes }, index): FollowUp[] => {
    const known = seen.get(RULES[index]!);
    if (known === undefined) return [];
    const { first, count } = known;
    return [
      {
        reader,
        command,
        path: first.path,
        count,
        isDone: isDoneByUnit(image, RULES[index]!),
        writes: writes ?? false,
      },
    ];
  });
  return [...files, ...followUnits(image)];
}

/** Whether a service of the image that something starts does it, for all files that ask for it. */
function isDoneByUnit(image: CheckedImage, { reader, pattern, command }: Rule): boolean {
  if (reader !== 'users' && reader !== 'tmpfiles') return false;
  const files = image.tree.entries.filter(({ type, path }) => type !== 'directory' && pattern.test(path));
  const units = findUnits(image);
  const idle = new Set(findNotStarted(image, units).map(({ unit }) => unit));
  return units.units.some((unit) => {
    if (unit.manager !== 'system' || idle.has(unit)) return false;
    const words = wordsOf(unit.assignments, 'Service.ExecStart');
    return (
      command.every((word) => words.includes(word)) &&
      files.every(({ path }) => words.includes(basename(path)))
    );
  });
}

/** More units than these are not named in a command line. */
const MOST_UNITS = 10;

function followUnits(image: CheckedImage): FollowUp[] {
  const units = findUnits(image);
  const all = [...units.units, ...units.dropIns].filter(({ manager }) => manager === 'system');
  const [first] = all;
  if (first === undefined) return [];
  const { wishes } = collectWishes([image]);
  const reload: FollowUp = {
    reader: 'manager',
    command: ['systemctl', 'daemon-reload'],
    path: first.path,
    count: all.length,
    isDone: wishes.reload,
    writes: false,
  };
  const late = findNotStarted(image, units).filter(({ how }) => how !== 'nothing');
  if (late.length === 0) return [reload];
  const names = late.slice(0, MOST_UNITS).map(({ unit }) => unit.name);
  const start = { reader: 'units', command: ['systemctl', 'start', '--', ...names], writes: false } as const;
  return [reload, { ...start, path: late[0]!.unit.path, count: late.length, isDone: false }];
}
