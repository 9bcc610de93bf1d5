import type { Finding } from '../../finding.js';
import type { CheckedImage } from '../../image.js';
import { architectureOf, runs } from '../machine.js';
import { type ElfOfImage, isInProgramDirectory } from '../programs.js';
import { grouped } from './group.js';

/** The architecture that the programs of an image are for, and who says so. */
export interface WantedArchitecture {
  readonly name: string;
  readonly saidBy: 'release' | 'host';
}

/** @returns `null` if neither the release file nor a host says one */
export function wantedArchitecture({ fields, host }: CheckedImage): WantedArchitecture | null {
  const field = fields.get('ARCHITECTURE');
  if (field && field !== '_any') return { name: field, saidBy: 'release' };
  return host === null ? null : { name: host.release.architecture, saidBy: 'host' };
}

/** Whether a program can run where the image is merged, as far as the processor goes. */
export function fits({ elf }: ElfOfImage, wanted: WantedArchitecture | null): boolean {
  return wanted === null || runs(wanted.name, architectureOf(elf));
}

/** Where every program finds a library: directly in a directory of libraries. */
const LIBRARY_DIRECTORY = /^\/usr\/(local\/)?lib(32|64)?\/[^/]+$/;

/** Programs for another machine. Elsewhere than where programs and libraries are looked for, it may be on purpose. */
export function checkArchitecture(
  elves: readonly ElfOfImage[],
  wanted: WantedArchitecture | null,
): Finding[] {
  if (wanted === null) return [];
  const cases = elves
    .filter((one) => !fits(one, wanted))
    .map(({ place: { path }, elf }) => {
      const isCommon = isInProgramDirectory(path) || LIBRARY_DIRECTORY.test(path);
      return {
        path,
        severity: isCommon ? ('error' as const) : ('warning' as const),
        detail: {
          architecture: architectureOf(elf),
          wanted: wanted.name,
          saidBy: wanted.saidBy,
          where: isCommon ? 'common' : 'elsewhere',
        },
      };
    });
  return grouped('foreign-architecture', cases);
}
