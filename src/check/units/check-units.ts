import { collectWishes } from '../../services/wishes.js';
import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';
import { lookUp } from '../merged-view.js';
import { findUnits, templateOf, type Units, unitDirectories } from './find-units.js';
import { checkPrograms } from './programs.js';
import { findNotStarted, UNIT_DIRECTORIES } from './starts.js';

/** Whether the units of an image do anything when it is merged, and what they start is there. */
export function checkUnits(image: CheckedImage): Finding[] {
  const units = findUnits(image);
  return [
    ...units.unreadable.map(({ path, type }) => found('unit-unreadable', path, { type })),
    ...(units.isCut ? [found('unit-unreadable', null, { type: 'many' })] : []),
    ...checkReload(image, units),
    ...checkStarts(image, units),
    ...checkPrograms(image, units),
  ];
}

/** A service manager does not see new units before it reads them. */
function checkReload(image: CheckedImage, { units, dropIns }: Units): Finding[] {
  const [first] = [...units, ...dropIns].filter(({ manager }) => manager === 'system');
  if (first === undefined || image.release.kind !== 'found') return [];
  if (collectWishes([image]).wishes.reload) return [];
  return [found('no-manager-reload', image.release.path, { unit: first.path })];
}

function checkStarts(image: CheckedImage, units: Units): Finding[] {
  const notStarted = findNotStarted(image, units).map(({ unit, how, target, isOneshot }) => {
    const [directory] = unitDirectories(image.extensionClass, 'system');
    const name = unit.name.replace(/\.[a-z]+$/, '');
    const dropIn = `${directory}/${target}.d/10-${name}.conf`;
    const detail = { unit: unit.name, how, target, dropIn, oneshot: isOneshot ? 'yes' : 'no' };
    // What cannot be enabled either is perhaps there to be started by hand.
    return found('unit-not-started', unit.path, detail, how === 'nothing' ? 'note' : 'warning');
  });
  return [...notStarted, ...checkWished(image)];
}

/** The units that are to be restarted have to be there. */
function checkWished(image: CheckedImage): Finding[] {
  if (image.host === null || image.release.kind !== 'found') return [];
  const { path } = image.release;
  const { restart, reloadOrRestart } = collectWishes([image]).wishes;
  return [...restart, ...reloadOrRestart]
    .filter((unit) => !isKnown(image, unit))
    .map((unit) => found('unknown-unit', path, { unit }));
}

function isKnown(image: CheckedImage, name: string): boolean {
  const names = [name, templateOf(name) ?? name];
  return UNIT_DIRECTORIES.some((directory) =>
    names.some((one) => ['image', 'host'].includes(lookUp(image, `${directory}/${one}`).kind)),
  );
}
