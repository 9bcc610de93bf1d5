/** Why a command is not run with the extensions that were given. */
export type GivenProblem =
  | { readonly kind: 'nothing' }
  /** An extension does not fit; why, was told when it was judged. */
  | { readonly kind: 'misfit'; readonly name: string }
  | { readonly kind: 'same-name'; readonly name: string; readonly paths: readonly [string, string] }
  | { readonly kind: 'keep-without-writable' }
  | { readonly kind: 'not-found'; readonly command: string; readonly root: string }
  | {
      readonly kind: 'not-executable';
      readonly command: string;
      readonly path: string;
      readonly root: string;
    };

export class GivenError extends Error {
  constructor(readonly problem: GivenProblem) {
    super(`given: ${problem.kind}`);
  }
}
