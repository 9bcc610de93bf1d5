/** The command line cannot be understood. The message is complete; nothing was done. */
export class UsageError extends Error {}
