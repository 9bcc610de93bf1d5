import type { Context } from '../context.js';
import { helpText } from '../help.js';

/** `help`, `--help`, `-h` */
export async function help({ commandLine, print }: Context): Promise<number> {
  print(await helpText(commandLine));
  return 0;
}
