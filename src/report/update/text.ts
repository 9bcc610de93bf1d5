import { join } from 'node:path';
import { componentName } from '../../update/names.js';
import type { Unfit } from '../../update/sidecar.js';
import { printable, quoted } from '../printable.js';
import { formatTable } from '../table.js';
import { explainMismatch } from '../verdicts.js';
import { describeFailure } from './problems.js';
import type { UpdateResult } from './result.js';

/** What an update has done, a sentence for each thing. */
export function updateLines({ component, installed, outcome }: UpdateResult): string[] {
  const name = quoted(componentName(component));
  switch (outcome.kind) {
    case 'disabled':
      return [`${name} is switched off by Enabled= in its sysupdate.component file; nothing is updated.`];
    case 'not-ours':
      return [`Leaving ${name} alone: ${describeFailure(outcome.failure)}.`];
    case 'current':
      return [
        installed === null
          ? `There is no version of ${name} to be had.`
          : `${name} is up to date: there is nothing newer than version ${printable(installed)}.`,
      ];
    case 'available':
      return [
        `${name} would be updated ${fromTo(installed, outcome.version)}.`,
        ...outcome.deliveries.flatMap(({ transfer: { source, target }, source: from, path, remove }) => [
          from === null
            ? `  ${quoted(join(target.path, path))} is there already.`
            : `  ${quoted(placeOf(source.path, from.path))} would become ${quoted(join(target.path, path))}.`,
          ...remove.map((old) => `  ${quoted(join(target.path, old.path))} would be removed.`),
        ]),
      ];
    case 'updated':
      return [
        ...outcome.put.map((path) => `Installed ${quoted(path)}.`),
        ...outcome.removed.map((path) => `Removed ${quoted(path)}.`),
        `Updated ${name} ${fromTo(installed, outcome.version)}.`,
      ];
    case 'failed':
      return [...outcome.lines];
  }
}

/** A newer version that is left out, and why. */
export function describeUnfit({ transfer, version, mismatch }: Unfit, releaseDirectory: string): string {
  const { problem } = explainMismatch({ name: transfer.name, path: '', releaseDirectory }, mismatch);
  return `Passing over version ${printable(version)} of ${quoted(transfer.name)}: ${problem}.`;
}

/** The table of `update --check`. */
export function updateTable(results: readonly UpdateResult[], legend: boolean): Promise<string> {
  const rows = results.map(({ component, installed, outcome }) => [
    componentName(component),
    installed ?? '-',
    outcome.kind === 'available' ? outcome.version : '-',
    STATES[outcome.kind],
  ]);
  return formatTable(legend ? ['NAME', 'INSTALLED', 'NEWER', 'STATE'] : null, rows);
}

const STATES: Readonly<Record<UpdateResult['outcome']['kind'], string>> = {
  disabled: 'switched off',
  'not-ours': 'for systemd-sysupdate',
  current: 'up to date',
  available: 'can be updated',
  updated: 'updated',
  failed: 'failed',
};

function fromTo(from: string | null, to: string): string {
  return from === null
    ? `to version ${printable(to)}`
    : `from version ${printable(from)} to ${printable(to)}`;
}

function placeOf(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`;
}
