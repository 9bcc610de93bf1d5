import { VERB_ARGUMENTS } from '../options.js';
import { readPaths } from './option-values.js';
import { UsageError } from './usage-error.js';

/**
 * The systems to come that `check` is asked about, by `--against=`. All that is installed is what they are asked about; else
 * images have to be named.
 *
 * @throws UsageError
 */
export function readAgainst(
  { verb, operands }: { readonly verb: string; readonly operands: readonly string[] },
  values: { readonly against?: readonly string[]; readonly format?: string },
): readonly string[] {
  const against = readPaths('against', values.against);
  if (verb !== 'check') return against;
  if (operands.length === 0 && against.length === 0)
    throw new UsageError(
      `Command verb 'check' needs an argument: ${VERB_ARGUMENTS.check.value}; or --against=.`,
    );
  if (against.length > 0 && values.format === 'sarif')
    throw new UsageError('With --against= there is no --format=sarif: use text, github or --json=.');
  return against;
}
