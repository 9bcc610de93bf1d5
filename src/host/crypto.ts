import { createRequire } from 'node:module';

type Crypto = typeof import('node:crypto');
let loaded: Crypto | null = null;

/**
 * Node's module crypto, loaded when the first hash tree or signature is there: that takes longer than all else in most calls.
 * The bundler of the self-contained executable finds the plain `require`, which ES modules in Node do not have.
 */
export function crypto(): Crypto {
  loaded ??=
    typeof require === 'function' ? require('node:crypto') : createRequire(import.meta.url)('node:crypto');
  return loaded!;
}
