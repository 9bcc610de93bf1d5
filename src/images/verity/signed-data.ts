import {
  type Element,
  Fields,
  INTEGER,
  MalformedError,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  parseElement,
  SEQUENCE,
  SET,
} from './asn1.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

/** Attributes that are signed in place of the content, which they have the digest of. */
export interface SignedAttributes {
  /** What is signed: the attributes as a SET OF, in DER. */
  readonly encoded: Buffer;
  /** Object identifier. */
  readonly contentType: string;
  readonly messageDigest: Buffer;
}

export interface SignerInfo {
  /** Of the signer's certificate: the name in DER, and the number in two's complement. */
  readonly issuer: Buffer;
  readonly serial: Buffer;
  /** Object identifiers. */
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signedAttributes: SignedAttributes | null;
  readonly signature: Buffer;
}

export interface SignedData {
  /** Object identifiers of all digests that signers use. */
  readonly digestAlgorithms: readonly string[];
  /** Object identifier. */
  readonly contentType: string;
  /** At least one. */
  readonly signers: readonly SignerInfo[];
}

/**
 * Reads a PKCS#7 signature, SignedData of RFC 2315, section 9, or what RFC 5652, section 5 made of it, as far as the older
 * one goes: a signer is named by the issuer and the serial number of its certificate.
 *
 * Left unread is what may be in it and has no say: attached content, certificates, revocation lists and attributes that are
 * not signed.
 *
 * @throws MalformedError
 */
export function readSignedData(bytes: Buffer): SignedData {
  const contentInfo = parseElement(bytes);
  if (contentInfo?.tag !== SEQUENCE) throw new MalformedError('ContentInfo');
  const outer = new Fields(contentInfo);
  if (outer.take(OBJECT_IDENTIFIER, 'contentType').oid !== SIGNED_DATA)
    throw new MalformedError('contentType');
  const content = outer.take('C0', 'content').children[0];
  if (content?.tag !== SEQUENCE) throw new MalformedError('SignedData');

  const fields = new Fields(content);
  fields.take(INTEGER, 'version');
  const digestAlgorithms = fields.take(SET, 'digestAlgorithms').children.map(algorithm);
  const encapsulated = new Fields(fields.take(SEQUENCE, 'encapContentInfo'));
  const contentType = encapsulated.take(OBJECT_IDENTIFIER, 'eContentType').oid!;
  fields.optional('C0'); // certificates
  fields.optional('C1'); // crls
  const signers = fields.take(SET, 'signerInfos').children.map(readSigner);
  if (signers.length === 0) throw new MalformedError('signerInfos');
  return { digestAlgorithms, contentType, signers };
}

function readSigner(element: Element): SignerInfo {
  if (element.tag !== SEQUENCE) throw new MalformedError('SignerInfo');
  const fields = new Fields(element);
  fields.take(INTEGER, 'version');
  const id = new Fields(fields.take(SEQUENCE, 'issuerAndSerialNumber'));
  const issuer = id.take(SEQUENCE, 'issuer').encoded;
  const serial = id.take(INTEGER, 'serialNumber').content;
  const digestAlgorithm = algorithm(fields.take(SEQUENCE, 'digestAlgorithm'));
  const attributes = fields.optional('C0');
  const signatureAlgorithm = algorithm(fields.take(SEQUENCE, 'signatureAlgorithm'));
  const signature = fields.take(OCTET_STRING, 'signature').content;
  const signedAttributes = attributes === null ? null : readAttributes(attributes);
  return { issuer, serial, digestAlgorithm, signatureAlgorithm, signedAttributes, signature };
}

/** RFC 5652, section 5.4: signed is the encoding as an explicit SET OF, not as the implicit [0] that stands there. */
function readAttributes(element: Element): SignedAttributes {
  const encoded = Buffer.from(element.encoded);
  encoded[0] = 0x31;
  return {
    encoded,
    contentType: attribute(element, CONTENT_TYPE, OBJECT_IDENTIFIER, 'contentType').oid!,
    messageDigest: attribute(element, MESSAGE_DIGEST, OCTET_STRING, 'messageDigest').content,
  };
}

/** Section 11: both are there exactly once, with exactly one value. */
function attribute({ children }: Element, oid: string, tag: string, field: string): Element {
  const [found, ...others] = children.filter(({ children: [type] }) => type?.oid === oid);
  const values = found?.children[1];
  const value = values?.children[0];
  if (others.length > 0 || values?.tag !== SET || values.children.length !== 1 || value?.tag !== tag)
    throw new MalformedError(field);
  return value;
}

/** The object identifier of an AlgorithmIdentifier; none of those in use has parameters that matter. */
function algorithm(element: Element): string {
  if (element.tag !== SEQUENCE) throw new MalformedError('algorithm');
  return new Fields(element).take(OBJECT_IDENTIFIER, 'algorithm').oid!;
}
