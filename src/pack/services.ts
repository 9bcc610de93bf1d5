import { join } from 'node:path';
import { findBelow } from '../host/root.js';
import { isUnitName } from '../services/unit-name.js';
import { PackError } from './problem.js';
import { type Stage, writeIn } from './stage.js';

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
  return new Map([
    ['EXTENSION_RELOAD_MANAGER', '1'],
    ['EXTENSION_RESTART_UNITS', [...new Set(units)].join(' ')],
  ]);
}

/** `a@b.service` is made of `a@.service`. */
const templateOf = (unit: string): string => unit.replace(/@[^.]+(?=\.\w+$)/, '@');
