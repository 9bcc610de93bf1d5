import type { ByteReader } from '../byte-reader.js';
import { hasDoubleKey } from './double-key.js';
import { parseRootHash } from './root-hash.js';

/** In bytes; systemd reads no larger partition either. */
const MAX_SIZE = 4 * 1024 * 1024;

/** What a verity signature partition holds. */
export interface EmbeddedSignature {
  readonly kind: 'signature';
  readonly rootHash: Buffer;
  /** PKCS#7 in DER. */
  readonly signature: Buffer;
  /** SHA-256 of the signer's certificate in DER: a hint which one it is, and nothing to rely on. Null if it is none. */
  readonly certificateFingerprint: Buffer | null;
}

/** A field that breaks a rule; `size`, `padding` and `json` are about the whole. */
export interface SignaturePartitionProblem {
  readonly kind: 'damaged-signature-partition';
  readonly field: 'size' | 'padding' | 'json' | 'rootHash' | 'signature';
  readonly found: string;
  readonly wanted: string;
}

/**
 * Reads a verity signature partition: a JSON object in UTF-8, padded with NUL bytes (Discoverable Partitions
 * Specification, UAPI.2). Of fields that have no meaning there, anything is allowed but a name that occurs twice.
 *
 * @param partition from its first to its last byte
 * @throws only what `partition` throws
 */
export function readSignaturePartition(partition: ByteReader): EmbeddedSignature | SignaturePartitionProblem {
  const { size } = partition;
  if (size > BigInt(MAX_SIZE)) return bad('size', String(size), `at most ${MAX_SIZE}`);
  const bytes = partition.read(0n, Number(size));
  const end = bytes.indexOf(0);
  const text = end === -1 ? bytes : bytes.subarray(0, end);
  const rest = bytes.subarray(text.length).findIndex((byte) => byte !== 0);
  if (rest !== -1) return bad('padding', `a byte at ${text.length + rest}`, 'NUL bytes');
  const fields = parseObject(text);
  return fields === null ? bad('json', text.toString('utf8', 0, 80), 'an object') : interpret(fields);
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(bytes: Buffer): Fields | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !hasDoubleKey(text) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function interpret(fields: Fields): EmbeddedSignature | SignaturePartitionProblem {
  // Own fields only: `__proto__` in JSON is one, but what any object inherits is none.
  const text = (name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof value === 'string' ? value : null;
  };
  const rootHash = parseRootHash(text('rootHash') ?? '');
  if (rootHash.kind !== 'root-hash') return bad('rootHash', text('rootHash') ?? '', 'hexadecimal digits');

  const base64 = (text('signature') ?? '').replace(/[ \t\r\n]/g, '');
  if (base64 === '' || !isBase64(base64)) return bad('signature', text('signature') ?? '', 'base64');

  const fingerprint = text('certificateFingerprint') ?? '';
  return {
    kind: 'signature',
    rootHash: rootHash.hash,
    signature: Buffer.from(base64, 'base64'),
    certificateFingerprint: /^[0-9a-fA-F]{64}$/.test(fingerprint) ? Buffer.from(fingerprint, 'hex') : null,
  };
}

/**
 * Base64 (RFC 4648, section 4), also without padding. Not by one regular expression for all of it: that remembers each group of
 * digits, and of a million of them the stack is full.
 */
function isBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/, '');
  const padding = text.length - digits.length;
  const rest = digits.length % 4;
  if (/[^A-Za-z0-9+/]/.test(digits) || rest === 1) return false;
  return padding === 0 || (rest > 0 && padding === 4 - rest);
}

function bad(
  field: SignaturePartitionProblem['field'],
  found: string,
  wanted: string,
): SignaturePartitionProblem {
  return { kind: 'damaged-signature-partition', field, found: found.slice(0, 80), wanted };
}
