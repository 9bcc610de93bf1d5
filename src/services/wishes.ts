import { isUnitName } from './unit-name.js';

/** A merged extension, as far as services are concerned. */
export interface NamedRelease {
  readonly name: string;
  /** Its release file. */
  readonly fields: ReadonlyMap<string, string>;
}

/** What extensions want of the service manager when they come and when they go (systemd-sysext(8)). */
export interface ServiceWishes {
  /** It should read its unit files again. */
  readonly reload: boolean;
  /** Units to restart, or start; sorted. */
  readonly restart: readonly string[];
  /** Units to reload if they are able to, else to restart, or start; sorted, none that is in {@link restart}. */
  readonly reloadOrRestart: readonly string[];
}

const RELOAD = 'EXTENSION_RELOAD_MANAGER';
const RESTART = 'EXTENSION_RESTART_UNITS';
const RELOAD_OR_RESTART = 'EXTENSION_RELOAD_OR_RESTART_UNITS';

/** A wish that cannot be understood; it is not passed on. */
export interface WishProblem {
  readonly kind: 'unit-name' | 'not-boolean';
  readonly extension: string;
  readonly field: typeof RELOAD | typeof RESTART | typeof RELOAD_OR_RESTART;
  /** From the release file, unchecked: escape it before printing. */
  readonly value: string;
}

/**
 * Adds up the wishes of extensions. An extension may be given twice, before and after a change of it, and then has both
 * wishes.
 */
export function collectWishes(releases: Iterable<NamedRelease>): {
  wishes: ServiceWishes;
  problems: WishProblem[];
} {
  const problems = new Map<string, WishProblem>();
  const report = (problem: WishProblem) => problems.set(JSON.stringify(problem), problem);
  const restart = new Set<string>();
  const reloadOrRestart = new Set<string>();
  let reload = false;
  for (const { name: extension, fields } of releases) {
    const value = fields.get(RELOAD) ?? '';
    const asked = readBoolean(value);
    if (asked === null) report({ kind: 'not-boolean', extension, field: RELOAD, value });
    reload ||= asked === true;
    for (const [field, units] of [
      [RESTART, restart],
      [RELOAD_OR_RESTART, reloadOrRestart],
    ] as const) {
      const list = fields.get(field) ?? '';
      // Even a list without a single valid name: whoever wrote it ships units.
      reload ||= list !== '';
      for (const unit of list.split(/[ \t\n\r]+/).filter((word) => word !== '')) {
        if (isUnitName(unit)) units.add(unit);
        else report({ kind: 'unit-name', extension, field, value: unit });
      }
    }
  }
  const wishes = {
    reload,
    restart: [...restart].sort(),
    reloadOrRestart: [...reloadOrRestart].filter((unit) => !restart.has(unit)).sort(),
  };
  return { wishes, problems: [...problems.values()] };
}

/** The words for yes and no of systemd.syntax(7); nothing is no. @returns `null` for any other word */
function readBoolean(value: string): boolean | null {
  if (/^(1|yes|y|true|t|on)$/i.test(value)) return true;
  return /^(0|no|n|false|f|off|)$/i.test(value) ? false : null;
}
