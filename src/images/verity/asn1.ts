import { createRequire } from 'node:module';

/** An element of ASN.1 (ITU-T X.690). */
export interface Element {
  /** As the standard's notation has it: `SEQUENCE` is `U16`, `[0]` is `C0`. */
  readonly tag: string;
  /** The whole element as it was encoded, header included. */
  readonly encoded: Buffer;
  /** Contents of a primitive one; empty if it is constructed. */
  readonly content: Buffer;
  readonly children: readonly Element[];
  /** `1.2.840.113549` and so on; `null` if it is no object identifier. */
  readonly oid: string | null;
}

export const INTEGER = 'U2';
export const OCTET_STRING = 'U4';
export const OBJECT_IDENTIFIER = 'U6';
export const SEQUENCE = 'U16';
export const SET = 'U17';

/** A signature with all certificates of its issuers takes a few hundred elements, some 15 levels deep. */
const LIMITS = { maxDepth: 32, maxNodes: 20_000, parseEmbedded: false };

type Asn1js = typeof import('asn1js');
let loaded: Asn1js | null = null;

/**
 * CommonJS, so it can be loaded when the first signature is there, in the midst of a synchronous call. The bundler of the
 * self-contained executable finds the plain `require`, which ES modules in Node do not have.
 */
function library(): Asn1js {
  loaded ??= typeof require === 'function' ? require('asn1js') : createRequire(import.meta.url)('asn1js');
  return loaded!;
}

/**
 * Reads an element in BER, of which DER is a part. What follows it is left alone.
 *
 * @returns `null` if the bytes are none, or are nested too deeply to be honest
 */
export function parseElement(bytes: Buffer): Element | null {
  const { fromBER } = library();
  try {
    const { offset, result } = fromBER(bytes, LIMITS);
    return offset === -1 ? null : convert(result);
  } catch {
    // Besides MalformedError: some values are decoded at once, and a time that is none throws.
    return null;
  }
}

/** @throws MalformedError if the lengths do not agree: the library does not care where an element ends within another */
function convert(block: import('asn1js').BaseBlock): Element {
  const { Constructed, ObjectIdentifier } = library();
  const { idBlock, lenBlock } = block;
  const encoded = Buffer.from(block.valueBeforeDecodeView);
  const header = idBlock.blockLength + lenBlock.blockLength;
  // A string in pieces is none: nothing that counts is written like that, and what is in it is left alone.
  const isList = block instanceof Constructed;
  const children = isList ? block.valueBlock.value.map(convert) : [];
  const tag = `${idBlock.tagClass === 1 ? 'U' : idBlock.tagClass === 3 ? 'C' : 'O'}${idBlock.tagNumber}`;

  if (isList && !idBlock.isConstructed) throw new MalformedError(tag);
  // An indefinite length ends with two zeros.
  const inside = encoded.length - header - (lenBlock.isIndefiniteForm ? 2 : 0);
  const isWhole = lenBlock.isIndefiniteForm || lenBlock.length === inside;
  const filled = children.reduce((sum, child) => sum + child.encoded.length, 0);
  if (!isWhole || (isList && filled !== inside)) throw new MalformedError(tag);

  return {
    tag,
    encoded,
    content: idBlock.isConstructed ? Buffer.alloc(0) : encoded.subarray(header),
    children,
    oid: block instanceof ObjectIdentifier ? block.getValue() : null,
  };
}

/** An element is not what the specification wants at its place. */
export class MalformedError extends Error {
  /** @param field its name in the specification */
  constructor(readonly field: string) {
    super(`Malformed ${field}`);
  }
}

/** The fields of a SEQUENCE, taken one after the other. */
export class Fields {
  private next = 0;
  constructor(private readonly parent: Element) {}

  /** @throws MalformedError if the next one has another tag */
  take(tag: string, field: string): Element {
    const element = this.optional(tag);
    if (element === null) throw new MalformedError(field);
    return element;
  }

  optional(tag: string): Element | null {
    const element = this.parent.children[this.next];
    if (element?.tag !== tag) return null;
    this.next += 1;
    return element;
  }
}
