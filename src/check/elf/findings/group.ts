import { type Finding, type FindingCode, found, type Severity } from '../../finding.js';

/** How many names of a group are told. */
const TOLD = 5;

/** One case of something that many files of an image can have. */
export interface Case {
  readonly path: string;
  /** Cases with the same values are one finding. */
  readonly detail: Finding['detail'];
  readonly severity?: Severity;
}

/** Of equal cases the worst severity counts. */
const ORDER: readonly Severity[] = ['note', 'warning', 'error'];

/**
 * Makes one finding of all files with the same trouble: it has one cause, and a list of five hundred programs that want
 * the same library helps nobody. `others` is how many more there are, `paths` are the first of them.
 */
export function grouped(code: FindingCode, cases: readonly Case[]): Finding[] {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = JSON.stringify(one.detail);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const paths = [...new Set(group.map(({ path }) => path))];
    const [first, ...others] = paths;
    const severities = group.flatMap(({ severity }) => severity ?? []);
    const worst = ORDER.findLast((severity) => severities.includes(severity));
    const detail = { ...group[0]!.detail, others: String(others.length), ...list('paths', others) };
    return found(code, first!, detail, worst);
  });
}

/** At most some of the names, in lines; nothing for none. */
export function list(key: string, names: readonly string[]): Record<string, string> {
  if (names.length === 0) return {};
  return { [key]: names.slice(0, TOLD).join('\n') };
}
