import type { DryRun, Outcome } from './dry-run.js';

type Because = (Outcome & { kind: 'nothing' })['because'];

/** Why nothing would be done, as the end of a sentence. */
export function describeWhatFor(
  because: Because,
  { extensionClass }: Pick<DryRun, 'extensionClass'>,
): string {
  switch (because) {
    case 'unchanged':
      return 'what is merged is what would be merged: same images, same mode, same hierarchies; with --always-refresh=yes it would be done all the same. Files that were changed inside of a directory are not seen';
    case 'none-found':
      return `no ${extensionClass.noun} are installed, and nothing is merged`;
    case 'none-fit':
      return `none of the installed ${extensionClass.noun} fits this system, and nothing is merged`;
    case 'none-merged':
      return 'nothing is merged';
  }
}
