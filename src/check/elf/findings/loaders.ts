import type { Finding } from '../../finding.js';
import type { ElfOfImage } from '../programs.js';
import type { Searches } from '../search/searches.js';
import { grouped } from './group.js';

/** Programs whose loader is not there: the kernel says "No such file or directory" of the program itself. */
export function checkLoaders(elves: readonly ElfOfImage[], searches: Searches): Finding[] {
  const cases = elves.flatMap(({ place: { path }, elf }) => {
    const { interpreter } = elf;
    return interpreter !== null && searches.hasNoLoader(elf)
      ? [{ path, detail: { loader: interpreter } }]
      : [];
  });
  return grouped('missing-loader', cases);
}
