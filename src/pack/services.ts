import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBelow } from '../host/root.js';
import { isUnitName } from '../services/unit-name.js';
import { PackError } from './problem.js';
import { placeIn, type Stage, writeIn } from './stage.js';
import { word } from './word.js';

const UNITS = 'usr/lib/systemd/system';

/**
 * Adds what makes units start when the extension is merged into a system that runs: links in multi-user.target.wants are read
 * only when that target starts, but `Upholds=` of a target that is active starts them (systemd.unit(5)). The manager has to read its
 * units again for that; and an update of the extension should restart them (systemd-sysext(8)).
 *
 * @returns the fields of the release file that this takes
 * @throws PackError, the errors of Node's file functions
 */
export function addServices(stage: Stage, name: string, units: readonly string[]): Map<string, string> {
  if (units.length === 0) return new Map();
  if (stage.extensionClass.name === 'confext') throw new PackError({ kind: 'unit-in-confext' });
  for (const unit of units) {
    if (!isUnitName(unit)) throw new PackError({ kind: 'unit-name', unit });
    if (findBelow(stage.root, join(UNITS, templateOf(unit))) === null)
      throw new PackError({ kind: 'no-such-unit', unit, path: `/${UNITS}/${templateOf(unit)}` });
    const dropIn = join(UNITS, 'multi-user.target.d', `10-${name}-${unit}.conf`);
    writeIn(stage, dropIn, `[Unit]\nUpholds=${unit}\n`);
  }
  const preparation = addPreparation(stage, name);
  if (preparation !== null) {
    const text = `[Unit]\nWants=${preparation}\nAfter=${preparation}\n`;
    for (const unit of units) writeIn(stage, join(UNITS, `${unit}.d`, `10-${name}.conf`), text);
  }
  return new Map([
    ['EXTENSION_RELOAD_MANAGER', '1'],
    ['EXTENSION_RESTART_UNITS', [...new Set(units)].join(' ')],
  ]);
}

/** `a@b.service` is made of `a@.service`. */
const templateOf = (unit: string): string => unit.replace(/@[^.]+(?=\.\w+$)/, '@');

/** What is read at boot, and not when an extension is merged later; users first, to whom files may belong. */
const READERS = [
  ['sysusers.d', 'systemd-sysusers'],
  ['tmpfiles.d', 'systemd-tmpfiles --create'],
] as const;

/**
 * A service that makes the users, files and directories which the extension asks for, and ends.
 *
 * @returns its name; `null` if there is nothing to make
 */
function addPreparation(stage: Stage, name: string): string | null {
  const commands = READERS.flatMap(([directory, command]) => {
    const place = placeIn(stage, join('usr/lib', directory));
    const files = existsSync(place) ? readdirSync(place).filter((file) => file.endsWith('.conf')) : [];
    if (files.length === 0) return [];
    // `$` would begin a variable (systemd.service(5)).
    return [
      `ExecStart=${[command, ...files.sort().map((file) => word(file.replaceAll('$', '$$$$')))].join(' ')}`,
    ];
  });
  if (commands.length === 0) return null;
  const unit = `sysext-prepare-${escapeForUnit(name)}.service`;
  const lines = [
    '[Unit]',
    `Description=Users, files and directories of the extension ${name.replaceAll('%', '%%')}`,
    // Also what starts early may need it.
    'DefaultDependencies=no',
    'After=local-fs.target',
    '[Service]',
    'Type=oneshot',
    ...commands,
  ];
  writeIn(stage, join(UNITS, unit), `${lines.join('\n')}\n`);
  return unit;
}

/** What no name of a unit may have, as systemd-escape(1) writes it. */
const escapeForUnit = (name: string): string =>
  [...Buffer.from(name)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9:_.-]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
