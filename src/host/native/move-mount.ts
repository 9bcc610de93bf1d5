/**
 * move_mount(2), both paths from the working directory on: `from` must be a mount point, nothing is followed at the end of
 * a path.
 *
 * @returns 0, or what errno(3) says
 */
export type MoveMount = (from: string, to: string, flags: number) => number;

/** The number of the system call is the same on all architectures but alpha and mips, whose own are not here. */
export const SYS_move_mount = 429;
export const AT_FDCWD = -100;
