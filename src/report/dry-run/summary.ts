import type { Hierarchy } from '../../overlay/metadata.js';
import type { Target } from '../../overlay/plan.js';
import { quoted, quotedList } from '../printable.js';
import type { DryRun, PlannedServices } from './dry-run.js';
import { stateNow } from './state.js';
import { describeWhatFor } from './why-nothing.js';

/** What it comes to, in lines: the first says whether anything would be done. */
export function summaryOf(dryRun: DryRun): string[] {
  const { outcome, verb, services, messages, mayMount } = dryRun;
  const notes = messages.map(({ message }) => message);
  switch (outcome.kind) {
    case 'fails':
      return [`${capital(verb)} would fail, and change nothing:`, ...outcome.lines, ...notes];
    case 'untold':
      return [`What ${verb} would do cannot be told:`, ...outcome.lines, ...notes];
    case 'nothing':
      return [
        `${capital(verb)} would do nothing, because ${describeWhatFor(outcome.because, dryRun)}.`,
        ...notes,
      ];
    case 'unmount':
    case 'steps': {
      const targets = outcome.kind === 'steps' ? outcome.targets : [];
      const gone = outcome.detached.filter(({ hierarchy }) => {
        return targets.every((target) => target.hierarchy !== hierarchy.name);
      });
      return [
        `${capital(verb)} would ${whatItDoes(dryRun, targets)}.`,
        ...targets.flatMap((target) => describeTarget(target, dryRun)),
        ...gone.flatMap(({ hierarchy, submounts }) => [
          `${quoted(hierarchy.path)} would be the host's own again.`,
          ...submounts.map(
            ({ relative }) => `${quoted(`${hierarchy.path}/${relative}`)}, mounted below it, stays.`,
          ),
        ]),
        ...describeServices(services),
        ...notes,
        ...(mayMount ? [] : ['To do it, it has to be run as root.']),
      ];
    }
  }
}

function whatItDoes({ verb, extensions, ignored, outcome }: DryRun, targets: readonly Target[]): string {
  const detached = outcome.kind === 'unmount' || outcome.kind === 'steps' ? outcome.detached : [];
  const rest = ignored.length > 0 ? 'nothing that is installed fits' : 'nothing is installed';
  const whyOff = verb === 'unmerge' ? '' : `, because ${rest}`;
  const before = namesOf(detached.map(({ hierarchy }) => hierarchy));
  if (targets.length === 0)
    return `take ${before.length === 0 ? 'what is merged' : quotedList(before)} off${whyOff}`;
  const merged =
    extensions.length === 0 ? 'make the hierarchies writable' : `merge ${quotedList(extensions)}`;
  if (detached.length === 0) return merged;
  return `${merged} in place of ${before.length === 0 ? 'a merge without extensions' : quotedList(before)}`;
}

/** All extensions that are merged now. */
export function namesOf(hierarchies: readonly Hierarchy[]): string[] {
  return [...new Set(hierarchies.flatMap(({ merge }) => merge?.names ?? []))];
}

function describeTarget(
  { path, extensions, writing, submounts, exists }: Target,
  { hierarchies }: DryRun,
): string[] {
  const { upper, imported } = writing;
  const before = stateNow(hierarchies.find((hierarchy) => hierarchy.path === path));
  const word = upper === null ? 'read-only' : 'writable';
  const verb = !exists ? 'be made, and be' : before === word ? 'stay' : 'become';
  const where =
    upper === null
      ? ''
      : `: what is written goes to ${upper.kind === 'ephemeral' ? 'memory, and is lost with unmerge' : quoted(upper.path)}`;
  const top = extensions.map(({ extension }) => extension);
  const layers =
    top.length === 0
      ? 'no extension has files for it'
      : `files from ${quotedList(top)}${top.length > 1 ? ', the first wins' : ''}`;
  return [
    `${quoted(path)} would ${verb} ${word}${where}; ${layers}.`,
    ...(imported === null
      ? []
      : [`The files in ${quoted(imported)} would be seen above those of all extensions.`]),
    ...submounts.map(
      ({ relative }) =>
        `${quoted(`${path}/${relative}`)}, mounted below it, would move into the merged tree.`,
    ),
  ];
}

function describeServices(services: PlannedServices | null): string[] {
  if (services === null) return ['Services would be left alone.'];
  const { manager, first, after, problems } = services;
  const units = (action: string) =>
    after.steps.flatMap((step) => (step.action === action && step.unit !== null ? [step.unit] : []));
  const sentence = (words: string, names: readonly (string | null)[]) =>
    names.length === 0 ? [] : [`${words}: ${quotedList(names.map((name) => name ?? ''))}.`];
  const reloads = after.steps.some(({ action }) => action === 'reload-manager');
  const said = [
    ...sentence(
      'Stopped before anything is taken off',
      first.map(({ unit }) => unit),
    ),
    ...(reloads ? [`${manager === 'systemd' ? 'systemd' : 'OpenRC'} would read its files again.`] : []),
    ...sentence('Units that would be restarted', units('restart')),
    ...sentence('Units that would be reloaded, or restarted', units('reload-or-restart')),
    ...problems.map(({ message }) => message),
  ];
  return said.length === 0 ? ['No units would be reloaded.'] : said;
}

function capital(verb: string): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}
