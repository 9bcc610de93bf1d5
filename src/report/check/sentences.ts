import type { Finding } from '../../check/finding.js';
import { WORDS } from '../findings/words.js';
import { describeHindrance, enumerate, nameLayer } from '../layers/words.js';
import { printable, quoted } from '../printable.js';
import type { Caveat, Checked, NoHost } from './checked.js';

/** A finding in words: all of it is safe for a terminal. */
export interface Told {
  readonly title: string;
  readonly explanation: string;
  /** What is wrong here, and what to do: clauses without full stop. */
  readonly message: string;
  readonly remedy: string;
}

export function tell({ code, path, detail }: Finding): Told {
  const { title, explanation, message, remedy } = WORDS[code];
  const at = path ?? '';
  // Each wording does this for what it takes from an image; none can forget it.
  return {
    title,
    explanation,
    message: printable(message(detail, at)),
    remedy: printable(remedy(detail, at)),
  };
}

/** Where to read more about a code, in the documentation of this program. */
export const pageOf = (code: string) => `docs/findings/${code}.md`;

export function describeNoHost(noHost: NoHost): string {
  if (noHost.kind === 'no-release')
    return 'It was checked against no host, because there is no os-release file here that says what this one is; name one with --root=.';
  const { field, wanted, found } = noHost;
  const what = wanted === '' ? `has no ${field}=` : `is for ${field}=${printable(wanted)}`;
  return `It was checked against no host: it ${what}, and this one has ${field}=${printable(found)}. Name one that it is for with --root=.`;
}

/** In what the host is not the one that the image would be merged over, in one line. */
export function describeCaveat(caveat: Caveat): string {
  if (caveat.kind === 'merged-host')
    return `It is merged now, and was compared with the merged host, where its own files are: ${describeHindrance(caveat.layer)}.`;
  const [first] = caveat.layers;
  const names = [...new Set(caveat.layers.map(nameLayer))];
  return `The host was taken without ${enumerate(names)}, which ${names.length === 1 ? 'is' : 'are'} merged as well: ${describeHindrance(first!)}.`;
}

/** Why an image could not be checked, in one line. */
export function describeUnchecked({ image, outcome }: Checked): string {
  if (outcome.kind === 'checked') {
    const [first = ''] = outcome.forbidden;
    return `Not all of ${quoted(image.entry)} could be checked: you may not look into ${quoted(first)}${more(outcome.forbidden.length - 1)}; run this as root.`;
  }
  const { problem, remedy } = outcome.answer;
  return `${quoted(image.entry)} cannot be checked: ${problem}${remedy === null ? '' : `; ${remedy}`}.`;
}

export function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}
