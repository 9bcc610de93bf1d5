import type { Json } from '../json.js';
import { type Action, actionsOf } from './actions.js';
import { diffOf } from './diff.js';
import type { DryRun, PlannedServices } from './dry-run.js';
import { withoutPlaceholders } from './script/loop-placeholder.js';
import { describeAction } from './wording.js';

/** Everything, in the form of docs/schema/plan-1.json. */
export function dryRunJson(dryRun: DryRun, withDiff: boolean): Json {
  const { verb, extensionClass, root, outcome, mutable, extensions, ignored, skipped, messages, services } =
    dryRun;
  const targets = outcome.kind === 'steps' ? outcome.targets : [];
  const diff = withDiff ? diffOf(dryRun) : null;
  return {
    schema: 'plan-1',
    class: extensionClass.name,
    root,
    verb,
    outcome: outcome.kind === 'unmount' ? 'steps' : outcome.kind,
    because: outcome.kind === 'nothing' ? outcome.because : null,
    problems: outcome.kind === 'fails' || outcome.kind === 'untold' ? [...outcome.lines] : [],
    mutable,
    privileged: dryRun.mayMount,
    extensions: [...extensions],
    ignored: ignored.map(({ name, path, problem, remedy }) => ({ name, path, problem, remedy })),
    skipped: skipped.map(({ name, path, problem }) => ({ name, path, problem })),
    messages: messages.map(({ level, message }) => ({ level, message })),
    hierarchies: targets.map(({ hierarchy, path, exists, extensions: layers, writing, submounts }) => ({
      hierarchy,
      path,
      exists,
      writable: writing.upper !== null,
      writesTo: writing.upper === null || writing.upper.kind === 'ephemeral' ? null : writing.upper.path,
      imported: writing.imported,
      layers: layers.map(({ extension, path: layer }) => ({ extension, path: layer })),
      submounts: submounts.map(({ relative }) => `${path}/${relative}`),
    })),
    services: services === null ? null : servicesJson(services),
    steps: actionsOf(dryRun).map((action, index) => {
      const { what, why } = describeAction(action);
      return { number: index + 1, kind: action.kind, what, why, details: detailsOf(action) };
    }),
    diff:
      diff === null
        ? null
        : {
            extensions: diff.extensions.map(({ name, change, why }) => ({ name, change, why: [...why] })),
            hierarchies: diff.hierarchies.map(({ path, before, now }) => ({ path, before, now })),
            reasons: [...diff.reasons],
          },
  };
}

function servicesJson({ manager, first, after }: PlannedServices): Json {
  const units = (action: string) =>
    after.steps.flatMap((step) => (step.action === action && step.unit !== null ? [step.unit] : []));
  return {
    manager,
    reloadManager: after.steps.some(({ action }) => action === 'reload-manager'),
    stopFirst: first.flatMap(({ unit }) => unit ?? []),
    restart: units('restart'),
    reloadOrRestart: units('reload-or-restart'),
    leftOut: after.leftOut.flatMap(({ units: names }) => names),
  };
}

/** The data of a step as it is, but for its kind. */
function detailsOf({ kind: _, ...details }: Action): Json {
  return plain(details);
}

/** bigint and arrays stay; bytes become hexadecimal digits; what is not there is left out. */
function plain(value: unknown): Json {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'string') return withoutPlaceholders(value);
  if (value === null || typeof value !== 'object') return value as Json;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}
