import { findBelow } from '../../host/root.js';
import { collectWishes } from '../../services/wishes.js';
import type { CheckedImage } from '../image.js';
import { type DropIn, isTemplate, templateOf, type Unit, type Units } from './find-units.js';
import { type Assignments, LIMIT, lastOf, readSmallText, readUnitFile, wordsOf } from './unit-file.js';

/** Settings by which a unit that is started starts others with it (systemd.unit(5)). */
const PULLS = [
  'Unit.Wants',
  'Unit.Requires',
  'Unit.BindsTo',
  'Unit.Upholds',
  'Unit.OnFailure',
  'Unit.OnSuccess',
];

/** A unit that nothing starts when the image is merged later than at boot. */
export interface NotStarted {
  readonly unit: Unit;
  /** `boot`: something does while the machine starts, if the image is merged by then; `enable`: somebody has to enable it. */
  readonly how: 'boot' | 'enable' | 'nothing';
  /** The target that could uphold it. */
  readonly target: string;
  /** It ends by itself, so to uphold it would start it again and again. */
  readonly isOneshot: boolean;
}

/**
 * Finds the units that stay off after a late merge. What a target wants is started when the target is, and a target that is
 * reached already does not look again, unless it has `Upholds=` (systemd.unit(5)).
 */
export function findNotStarted(image: CheckedImage, units: Units): NotStarted[] {
  const own = new Map(
    units.units.filter(({ manager }) => manager === 'system').map((unit) => [unit.name, unit]),
  );
  const started = new Set<string>();
  const triggered = new Set<string>();
  const bootTargets = new Map<string, string>();
  const ahead: string[] = [];
  const start = (name: string) => {
    if (started.has(name)) return;
    started.add(name);
    ahead.push(name);
    const template = templateOf(name);
    if (template !== null) start(template);
  };
  const { restart, reloadOrRestart } = collectWishes([image]).wishes;
  for (const name of [...restart, ...reloadOrRestart, ...activatedByOthers(image)]) start(name);

  const pulls = new Map<string, string[]>();
  const pull = (by: string, name: string) => {
    const known = pulls.get(by);
    if (known === undefined) pulls.set(by, [name]);
    else known.push(name);
    triggered.add(name).add(templateOf(name) ?? name);
  };
  for (const { name, assignments } of own.values())
    for (const other of pulledBy(name, assignments)) pull(name, other);
  for (const dropIn of units.dropIns) {
    if (dropIn.manager !== 'system') continue;
    const isOwn = own.has(dropIn.unit);
    for (const name of wordsOf(dropIn.assignments, 'Unit.Upholds'))
      isOwn ? pull(dropIn.unit, name) : start(name);
    for (const name of wantedBy(dropIn)) isOwn ? pull(dropIn.unit, name) : bootTargets.set(name, dropIn.unit);
  }
  for (const { unit, kind, starts, manager } of units.links) {
    if (manager !== 'system') continue;
    if (own.has(unit)) pull(unit, starts);
    else if (kind === 'upholds') start(starts);
    else bootTargets.set(starts, unit);
  }
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop())
    for (const other of pulls.get(name) ?? []) start(other);

  return [...own.values()].flatMap((unit): NotStarted[] => {
    const { name, assignments } = unit;
    if (!/\.(service|socket|timer|path|mount|automount|swap)$/.test(name) || isTemplate(name)) return [];
    if (started.has(name) || triggered.has(name)) return [];
    // One that the host has too is started, or not, as the host has it.
    if (isOnHost(image, name)) return [];
    const boot = bootTargets.get(name);
    const install = assignments.some(([key]) => key.startsWith('Install.'));
    const [wanted] = [
      ...wordsOf(assignments, 'Install.WantedBy'),
      ...wordsOf(assignments, 'Install.RequiredBy'),
    ];
    return [
      {
        unit,
        how: boot !== undefined ? 'boot' : install ? 'enable' : 'nothing',
        target: boot ?? wanted ?? usualTarget(name),
        isOneshot:
          lastOf(assignments, 'Service.Type') === 'oneshot' &&
          !/^(1|yes|y|true|t|on)$/i.test(lastOf(assignments, 'Service.RemainAfterExit') ?? ''),
      },
    ];
  });
}

function pulledBy(name: string, unit: Assignments): string[] {
  const base = name.replace(/\.[a-z]+$/, '');
  const listed = PULLS.flatMap((key) => wordsOf(unit, key));
  if (name.endsWith('.socket')) return [...listed, lastOf(unit, 'Socket.Service') ?? `${base}.service`];
  if (name.endsWith('.timer')) return [...listed, lastOf(unit, 'Timer.Unit') ?? `${base}.service`];
  if (name.endsWith('.path')) return [...listed, lastOf(unit, 'Path.Unit') ?? `${base}.service`];
  if (name.endsWith('.automount')) return [...listed, `${base}.mount`];
  return name.endsWith('.service') ? [...listed, ...wordsOf(unit, 'Service.Sockets')] : listed;
}

const wantedBy = ({ assignments }: DropIn) =>
  PULLS.filter((key) => key !== 'Unit.Upholds').flatMap((key) => wordsOf(assignments, key));

function usualTarget(name: string): string {
  if (name.endsWith('.socket')) return 'sockets.target';
  return name.endsWith('.timer') ? 'timers.target' : 'multi-user.target';
}

/** Files of other programs that are read to see which units they start, and bytes of them. */
const MOST_FILES = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/** What D-Bus starts when it is called, and udev when a device comes. */
function activatedByOthers({ root, tree }: CheckedImage): string[] {
  const names: string[] = [];
  let files = 0;
  let bytes = 0;
  for (const { path, type, isUtf8, size } of tree.entries) {
    if (type !== 'file' || !isUtf8 || size > LIMIT) continue;
    const isBus = /^\/usr\/(local\/)?share\/dbus-1\/system-services\/[^/]+\.service$/.test(path);
    const isRule = /^\/(usr\/(local\/)?lib|etc)\/udev\/rules\.d\/[^/]+\.rules$/.test(path);
    if (!isBus && !isRule) continue;
    files += 1;
    bytes += size;
    if (files > MOST_FILES || bytes > MOST_BYTES) break;
    if (isBus) names.push(lastOf(readUnitFile(root, path) ?? [], 'D-BUS Service.SystemdService') ?? '');
    else
      for (const [, list = ''] of (readSmallText(root, path) ?? '').matchAll(
        /SYSTEMD_WANTS\}\s*\+?:?=\s*"([^"]*)"/g,
      ))
        names.push(...list.split(/[ \t]+/));
  }
  return names.filter((name) => name !== '');
}

/** Where the service manager of a host finds units (systemd.unit(5)). */
export const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
];

function isOnHost({ host }: CheckedImage, name: string): boolean {
  if (host === null) return false;
  try {
    return UNIT_DIRECTORIES.some((directory) => findBelow(host.root, `${directory}/${name}`) !== null);
  } catch {
    return false;
  }
}
