import type { Finding } from '../../finding.js';
import { found } from '../../finding.js';
import type { CheckedImage } from '../../image.js';
import type { Loads } from '../load-all.js';
import { type ElfOfImage, isProgram } from '../programs.js';
import type { Surroundings } from '../surroundings.js';
import { list } from './group.js';

/** An image that says it fits every system, with programs that use the libraries of whatever system they meet. */
export function checkAnywhere(
  image: CheckedImage,
  elves: readonly ElfOfImage[],
  { needs }: Loads,
  surroundings: Surroundings,
): Finding[] {
  if (image.fields.get('ID') !== '_any') return [];
  const foreign = needs.filter(({ found }) => typeof found === 'string' || found.place.from === 'host');
  const programs = elves.filter(({ elf }) => isProgram(elf) && usesHostLoader(elf.interpreter, surroundings));
  const paths = [
    ...new Set([
      ...programs.map(({ place }) => place.path),
      ...foreign.map(({ needer }) => needer.place.path),
    ]),
  ];
  const [first] = paths;
  if (first === undefined) return [];
  const libraries = [...new Set(foreign.map(({ library }) => library))];
  const path = image.release.kind === 'found' ? image.release.path : null;
  const detail = { program: first, others: String(paths.length - 1), ...list('libraries', libraries) };
  return [found('depends-on-host-libraries', path, detail)];
}

function usesHostLoader(interpreter: string | null, surroundings: Surroundings): boolean {
  if (interpreter === null) return false;
  const look = surroundings.find(interpreter);
  return typeof look === 'string' || look.place.from === 'host';
}
