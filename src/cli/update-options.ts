import { boolean } from './option-values.js';

/** Options of the verb `update`. */
export interface UpdateOptions {
  /** Only say whether there is something newer. */
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Whether the lists of servers must be signed; `null`: as the transfer files say. */
  readonly verify: boolean | null;
}

/** @throws UsageError */
export function readUpdateOptions(values: {
  readonly check?: boolean;
  readonly 'dry-run'?: boolean;
  readonly verify?: string;
}): UpdateOptions {
  return {
    check: values.check ?? false,
    dryRun: values['dry-run'] ?? false,
    verify: boolean('verify', values.verify),
  };
}
