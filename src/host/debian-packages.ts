/** The Debian packages of the programs that verbs other than those that merge leave a part of their work to. */
export const DEBIAN_PACKAGES = {
  'apt-get': 'apt',
  bzip2: 'bzip2',
  cp: 'coreutils',
  debugfs: 'e2fsprogs',
  'dpkg-deb': 'dpkg',
  erofsfuse: 'erofsfuse',
  'fsck.erofs': 'erofs-utils',
  fuse2fs: 'fuse2fs',
  gpg: 'gpg',
  gpgv: 'gpgv',
  gzip: 'gzip',
  mke2fs: 'e2fsprogs',
  'mkfs.erofs': 'erofs-utils',
  mknod: 'coreutils',
  mksquashfs: 'squashfs-tools',
  openssl: 'openssl',
  setfattr: 'attr',
  setpriv: 'util-linux',
  squashfuse: 'squashfuse',
  unsquashfs: 'squashfs-tools',
  veritysetup: 'cryptsetup-bin',
  xz: 'xz-utils',
  zstd: 'zstd',
} as const;

export type PackagedProgram = keyof typeof DEBIAN_PACKAGES;
