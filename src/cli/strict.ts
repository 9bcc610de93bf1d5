import { basename } from 'node:path';
import { chooser } from '../choice/apply.js';
import type { Shortfall } from '../choice/strict-error.js';
import { StrictError } from '../choice/strict-error.js';
import type { ExtensionClass } from '../extension-class.js';
import type { PassedOver } from '../images/image.js';
import { hasEntries } from '../overlay/stack.js';
import { describePassedOver } from '../report/passed-over.js';
import type { Chosen } from './chosen.js';
import type { Condition } from './condition.js';
import type { JudgedImage } from './judge-images.js';

/**
 * The condition that nothing of what was chosen is ignored. A symlink to `/dev/null` is no accident, and neither is an image
 * that is hidden by another one that is merged; one that is hidden by what is not merged itself is.
 */
export function requireAll({ passedOver, choice }: Chosen, { suffix }: ExtensionClass): Condition {
  const chooses = choice === null ? () => null : chooser(choice);
  const broken = passedOver.filter((one) => isMeant(one) && chooses(nameOf(one, suffix)) === null);
  return {
    begin: () => {},
    check: (judged) => {
      const shortfalls = [
        ...judged.flatMap((one) => shortfallOf(one, passedOver)),
        ...broken.map((found): Shortfall => ({ kind: 'passed-over', found })),
      ];
      if (shortfalls.length > 0) throw new StrictError(shortfalls);
    },
    end: () => {},
  };
}

/** What it would be called, did it give an image. */
function nameOf({ entry }: PassedOver, suffix: string): string {
  return basename(entry)
    .replace(/\.v$/, '')
    .replace(/\.raw$/, '')
    .replace(suffix, '');
}

/** Those that a merge warns of. */
const isMeant = (found: PassedOver) => describePassedOver(found).level === 'warning';

function shortfallOf({ opened, judgement }: JudgedImage, passedOver: readonly PassedOver[]): Shortfall[] {
  if (judgement.verdict.kind === 'accepted') return [];
  const { name, path, entry } = opened.image;
  const hides = passedOver.flatMap((one) => (one.kind === 'hidden' && one.by === entry ? [one.entry] : []));
  return [{ kind: hasEntries(opened.root) ? 'ignored' : 'empty', name, path, hides }];
}
