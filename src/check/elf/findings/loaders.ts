import type { Finding } from '../../finding.js';
import type { ElfOfImage } from '../programs.js';
import type { Surroundings } from '../surroundings.js';
import { grouped } from './group.js';

/** Programs whose loader is not there: the kernel says "No such file or directory" of the program itself. */
export function checkLoaders(elves: readonly ElfOfImage[], surroundings: Surroundings): Finding[] {
  const cases = elves.flatMap(({ place: { path }, elf: { interpreter } }) => {
    if (interpreter === null) return [];
    // A relative one is looked for in the working directory.
    const isMissing = !interpreter.startsWith('/') || surroundings.find(interpreter) === 'missing';
    return isMissing ? [{ path, detail: { loader: interpreter } }] : [];
  });
  return grouped('missing-loader', cases);
}
