/** The package has no types of its own; this is what is used of it. */
declare module 'picomatch' {
  function picomatch(
    pattern: string,
    options?: { readonly dot?: boolean; readonly nonegate?: boolean },
  ): (path: string) => boolean;
  export default picomatch;
}
