import type { FoundSignature, SignatureProblem } from '../images/verity/find-signature.js';
import { checkSignature, type SignatureOutcome } from '../images/verity/signature.js';
import type { OpenSettings } from './open-part.js';

/** What a signature is worth by the certificates below the root. @param found `null` if there is none */
export function judgeSignature(
  found: FoundSignature | SignatureProblem | null,
  rootHash: Buffer,
  { trusted }: OpenSettings,
): SignatureOutcome {
  if (found === null) return { kind: 'unsigned' };
  if (found.kind !== 'signature') {
    const field = found.kind === 'unusable-file' ? found.file : found.field;
    return { kind: 'invalid', reason: { kind: 'malformed', field } };
  }
  if (found.rootHash !== null && !found.rootHash.equals(rootHash))
    return { kind: 'invalid', reason: { kind: 'other-content' } };
  const certificates = trusted();
  if (certificates === null) return { kind: 'unchecked', reason: { kind: 'switched-off' } };
  return checkSignature(rootHash, found.bytes, certificates);
}
