import type { Severity } from '../../check/finding.js';
import { printable } from '../printable.js';
import type { CheckReport } from './checked.js';
import { placeOf } from './sarif.js';
import { describeUnchecked, tell } from './sentences.js';

/** What GitHub calls them ("Workflow commands for GitHub Actions"). */
const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

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
      const untold = annotation(
        'error',
        { file: image.entry, title: 'could not be checked' },
        describeUnchecked(checked),
      );
      return isUntold ? [...annotations, untold] : annotations;
    })
    .join('');
}

/** One of them. @param message made printable by the caller */
export function annotation(
  command: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(printable(value))}`);
  return `::${command} ${list.join(',')}::${data(message)}\n`;
}

/** The runner takes these apart again (`unescapeData` and `unescapeProperty` of its command parser). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
