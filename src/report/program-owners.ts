/** Programs that are not, as mount(8) is, in section 8 of the manual and of util-linux. */
const OWNERS: Readonly<Record<string, readonly [section: number, owner: string]>> = {
  cryptsetup: [8, 'cryptsetup'],
  veritysetup: [8, 'cryptsetup'],
  flock: [1, 'util-linux'],
  gzip: [1, 'gzip'],
  xz: [1, 'xz-utils'],
  zstd: [1, 'zstd'],
  bzip2: [1, 'bzip2'],
};

/** In which section of the manual a program that is needed is, and of which package it is. */
export function ownerOf(program: string): readonly [section: number, owner: string] {
  return OWNERS[program] ?? [8, 'util-linux'];
}
