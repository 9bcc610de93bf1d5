/** What of a file or block device a loop device shows: offset and size in bytes; the size is `null` for all that follows. */
export interface LoopWindow {
  readonly offset: bigint;
  readonly size: bigint | null;
}
