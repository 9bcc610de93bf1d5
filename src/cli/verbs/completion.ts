import { bashCompletion } from '../../manual/completion/bash.js';
import { fishCompletion } from '../../manual/completion/fish.js';
import { TABLES } from '../../manual/completion/tables.js';
import { zshCompletion } from '../../manual/completion/zsh.js';
import type { Context } from '../context.js';

/** `completion SHELL`: a script for that shell. What it completes is fixed, so no program starts per key press. */
export function completion({ commandLine, print }: Context): number {
  switch (commandLine.argument) {
    case 'zsh':
      print(zshCompletion(TABLES));
      break;
    case 'fish':
      print(fishCompletion(TABLES));
      break;
    default:
      print(bashCompletion(TABLES));
  }
  return 0;
}
