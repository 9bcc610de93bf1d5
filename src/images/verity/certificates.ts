import type { KeyObject, X509Certificate } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { crypto } from '../../host/crypto.js';
import { errorCode, findBelow } from '../../host/root.js';
import { Fields, INTEGER, parseElement, SEQUENCE } from './asn1.js';
import { type FileProblem, readFileBelow } from './small-file.js';

/** Where the certificates of those are whose images are trusted, in the order of precedence. */
export const CERTIFICATE_DIRECTORIES = [
  '/etc/verity.d',
  '/run/verity.d',
  '/usr/local/lib/verity.d',
  '/usr/lib/verity.d',
] as const;

/** In bytes, of one file. */
const LIMIT = 1024 * 1024;

export interface Certificate {
  /** Where it was found, with the root. */
  readonly file: string;
  readonly x509: X509Certificate;
  readonly key: KeyObject;
  /** As signatures name it: see {@link SignerInfo}. */
  readonly issuer: Buffer;
  readonly serial: Buffer;
}

/** A file that is meant to be a certificate and is none. */
export type CertificateProblem = FileProblem | { readonly kind: 'no-certificate'; readonly file: string };

export interface TrustedCertificates {
  readonly certificates: readonly Certificate[];
  readonly problems: readonly CertificateProblem[];
}

/**
 * Reads the certificates, files `*.crt` with one in PEM each. A file hides those of its name in later directories, even if
 * there is no certificate in it; an empty one and a symlink to `/dev/null` are there for that. What is no regular file, or
 * a symlink to nothing, hides nothing. Symlinks stay below the root.
 *
 * @param root absolute path, free of symlinks
 */
export function readCertificates(root: string): TrustedCertificates {
  const certificates: Certificate[] = [];
  const problems: CertificateProblem[] = [];
  const seen = new Set<string>();
  for (const directory of CERTIFICATE_DIRECTORIES) {
    const { path, names, code } = list(root, directory);
    if (code !== '')
      problems.push({ kind: 'unusable-file', file: path, problem: 'unreadable', limit: 0, code });
    for (const name of names.filter((file) => !seen.has(file))) {
      const found = readCertificate(root, directory, join(path, name), name);
      if (found === null) continue;
      if (found !== 'masked') {
        if ('x509' in found) certificates.push(found);
        else problems.push(found);
      }
      if (found === 'masked' || !isNoFile(found)) seen.add(name);
    }
  }
  return { certificates, problems };
}

function isNoFile(found: Certificate | CertificateProblem): boolean {
  return 'problem' in found && found.problem === 'no-regular-file';
}

/** Files of a directory, in the order of bytes; `code` of the error, if it is there and cannot be read. */
function list(root: string, directory: string): { path: string; names: readonly string[]; code: string } {
  let path = join(root, directory);
  try {
    const found = findBelow(root, directory);
    if (found === null) return { path, names: [], code: '' };
    path = found;
    const names = readdirSync(path).filter((name) => name.endsWith('.crt') && !name.startsWith('.'));
    return { path, names: names.sort(), code: '' };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { path, names: [], code };
  }
}

function readCertificate(
  root: string,
  directory: string,
  file: string,
  name: string,
): Certificate | CertificateProblem | 'masked' | null {
  // By its target's name: the root of another machine has no device nodes.
  if (isMask(file)) return 'masked';
  const read = readFileBelow(root, join(directory, name), LIMIT);
  if (read === null || read.kind !== 'file') return read;
  if (read.bytes.length === 0) return 'masked';
  return parseCertificate(file, read.bytes.toString('latin1')) ?? { kind: 'no-certificate', file };
}

function isMask(file: string): boolean {
  try {
    return readlinkSync(file) === '/dev/null';
  } catch {
    return false;
  }
}

/** The first certificate in PEM (RFC 7468, section 5.1); what is before and after it does not count. */
function parseCertificate(file: string, text: string): Certificate | null {
  const pem = /-----BEGIN ((?:X509 )?CERTIFICATE)-----[^-]*-----END \1-----/.exec(text)?.[0];
  if (pem === undefined) return null;
  try {
    const x509 = new (crypto().X509Certificate)(pem);
    return { file, x509, key: x509.publicKey, ...readIdentity(x509.raw) };
  } catch {
    // No certificate, or one with a kind of key that nobody here knows.
    return null;
  }
}

/** RFC 5280, section 4.1: TBSCertificate begins with version, serialNumber, signature, issuer. */
function readIdentity(der: Buffer): Pick<Certificate, 'issuer' | 'serial'> {
  const fields = new Fields(parseElement(der)!.children[0]!);
  fields.optional('C0'); // version
  const serial = fields.take(INTEGER, 'serialNumber').content;
  fields.take(SEQUENCE, 'signature');
  return { serial, issuer: fields.take(SEQUENCE, 'issuer').encoded };
}
