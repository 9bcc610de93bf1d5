/** There is no such image. */
export class NoSuchImageError extends Error {
  constructor(
    readonly wanted: string,
    readonly reason: 'missing' | 'no-image',
  ) {
    super(`no image ${wanted}`);
  }
}
