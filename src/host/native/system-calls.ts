/**
 * System calls for which neither Node nor Bun has a function, as the C library has them. Paths are bytes up to the first NUL,
 * which the callers see to. Each returns 0, or what errno(3) says.
 */
export interface SystemCalls {
  /** mount(2) */
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): number;
  /** umount2(2) */
  unmount(target: string, flags: number): number;
  /** flock(2) */
  lock(descriptor: number, operation: number): number;
  /** move_mount(2), both paths from the working directory on: `from` must be a mount point, nothing is followed at the end of a path. */
  moveMount(from: string, to: string, flags: number): number;
}

/** The number of the system call is the same on all architectures but alpha and mips, whose own are not here. */
export const SYS_move_mount = 429;
export const AT_FDCWD = -100;
