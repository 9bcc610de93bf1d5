/** What was asked for needs CAP_SYS_ADMIN, and this process does not have it. */
export class NotPrivilegedError extends Error {}
