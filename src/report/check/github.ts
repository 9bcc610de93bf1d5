import type { Severity } from '../../check/finding.js';
import { annotation } from '../github-annotation.js';
import { printable } from '../printable.js';
import { type CheckReport, caveatOf } from './checked.js';
import { placeOf } from './sarif.js';
import { describeCaveat, describeUnchecked, tell } from './sentences.js';

/** What GitHub calls them ("Workflow commands for GitHub Actions"). */
const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<
  Severity,
  string
>;

/** The findings as annotations: lines that GitHub Actions reads from what a step prints. */
export function checkAnnotations({ images }: CheckReport): string {
  return images
    .flatMap((checked) => {
      const { image, outcome } = checked;
      const findings = outcome.kind === 'checked' ? outcome.findings.findings : [];
      const isUntold = outcome.kind !== 'checked' || outcome.forbidden.length > 0;
      const annotations = findings.map((finding) => {
        const { title, message, remedy } = tell(finding);
        const at = finding.path === null ? '' : `${printable(finding.path)}: `;
        return annotation(
          COMMANDS[finding.severity],
          { file: placeOf(image, finding), title: `${finding.code}: ${title}` },
          `${at}${message}. What to do: ${remedy}.`,
        );
      });
      const caveat = caveatOf(outcome);
      if (caveat !== null)
        annotations.push(
          annotation(
            'notice',
            { file: image.entry, title: 'compared with another host' },
            describeCaveat(caveat),
          ),
        );
      const untold = annotation(
        'error',
        { file: image.entry, title: 'could not be checked' },
        describeUnchecked(checked),
      );
      return isUntold ? [...annotations, untold] : annotations;
    })
    .join('');
}
