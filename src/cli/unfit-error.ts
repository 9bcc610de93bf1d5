/** What was asked for needs CAP_SYS_ADMIN, and this process does not have it. */
export class NotPrivilegedError extends Error {
  constructor(
    /** It is root, and something has taken that away: mostly what made the container that this is in. */
    readonly isRoot: boolean,
  ) {
    super('CAP_SYS_ADMIN is missing');
  }
}

/** umount(8) of util-linux unmounts nothing lazily without the mount table in `/proc`, and neither could we find mounts. */
export class NoProcError extends Error {}
