import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEBIAN_PACKAGES } from '../host/debian-packages.js';
import { CommandMissingError, runCommand } from '../host/process.js';
import { writeDisk } from '../images/disk/gpt-write.js';
import { ARCHITECTURE_TYPES } from '../images/disk/partition-type-table.js';
import type { Role } from '../images/disk/partition-types.js';
import { uuidsOfRootHash } from '../images/verity/root-hash.js';
import { writeSignaturePartition } from '../images/verity/signature-partition-write.js';
import { type Fingerprint, fingerprintFrom } from './fingerprint.js';
import { PackError } from './problem.js';
import { runTool } from './tool.js';

/** Who signs: PEM files. */
export interface Signer {
  readonly privateKey: string;
  readonly certificate: string;
}

/** Asked before the work is done. @throws PackError */
export function checkSigner({ privateKey, certificate }: Signer): void {
  const read = (path: string, parse: (content: Buffer) => unknown) => {
    try {
      parse(readFileSync(path));
    } catch (cause) {
      throw new PackError({ kind: 'key-unreadable', path, cause });
    }
  };
  read(privateKey, createPrivateKey);
  read(certificate, (content) => new X509Certificate(content));
}

/** What a protected image is made from. */
export interface ProtectInput {
  /** The file system. */
  readonly content: string;
  readonly scratch: string;
  readonly architecture: string;
  readonly fingerprint: Fingerprint;
  readonly signer: Signer | null;
}

/**
 * Makes a disk image with a file system, the hash tree that protects it, and perhaps a signature (UAPI.2, UAPI.3).
 *
 * @param file is made
 * @returns the root hash, in hexadecimal digits
 * @throws PackError
 */
export function protect(file: string, input: ProtectInput): string {
  const { content, scratch, architecture, fingerprint, signer } = input;
  const tree = join(scratch, 'verity');
  const rootHash = makeHashTree(content, tree, fingerprint);
  const { data, verity } = uuidsOfRootHash(rootHash);
  const partition = (role: Role, suffix: string, uuid: string, path: string) => ({
    type: typeOf(architecture, role),
    uuid,
    label: `root-${architecture}${suffix}`,
    content: path,
  });
  const partitions = [partition('data', '', data, content), partition('verity', '-verity', verity, tree)];
  if (signer !== null) {
    const signature = join(scratch, 'signature');
    const certificate = readFileSync(signer.certificate);
    writeFileSync(signature, writeSignaturePartition(rootHash, sign(rootHash, signer, scratch), certificate));
    const uuid = fingerprintFrom(rootHash).uuid('signature');
    partitions.push(partition('signature', '-verity-sig', uuid, signature));
  }
  writeDisk(file, fingerprint.uuid('disk'), partitions);
  return rootHash;
}

/** @throws PackError for an architecture that has none */
function typeOf(architecture: string, role: Role): string {
  const row = ARCHITECTURE_TYPES.find(
    ([, ofArchitecture, hierarchy, ofRole]) =>
      ofArchitecture === architecture && hierarchy === 'root' && ofRole === role,
  );
  if (row === undefined) throw new PackError({ kind: 'no-partition-type', architecture });
  return row[0];
}

/** veritysetup(8) writes it as the kernel reads it; that takes no device mapper and no privilege. */
function makeHashTree(content: string, tree: string, fingerprint: Fingerprint): string {
  const own = [`--salt=${fingerprint.digits('salt')}`, `--uuid=${fingerprint.uuid('verity')}`];
  const form = ['--hash=sha256', '--data-block-size=4096', '--hash-block-size=4096'];
  const { stdout } = runTool(['veritysetup', 'format', ...form, ...own, content, tree]);
  const found = /^Root hash:\s*([0-9a-f]{64})$/m.exec(stdout)?.[1];
  if (found === undefined)
    throw new PackError({ kind: 'tool-failed', command: 'veritysetup', said: 'it told no root hash' });
  return found;
}

/** PKCS#7 over the digits of the root hash, detached, without attributes, as the kernel checks it (dm-verity). */
function sign(rootHash: string, { privateKey, certificate }: Signer, scratch: string): Buffer {
  const [text, signature] = [join(scratch, 'root-hash'), join(scratch, 'signature.der')];
  writeFileSync(text, rootHash);
  const files = ['-in', text, '-signer', certificate, '-inkey', privateKey, '-out', signature];
  const form = ['-nocerts', '-noattr', '-binary', '-outform', 'der'];
  try {
    const result = runCommand(['openssl', 'smime', '-sign', ...form, ...files]);
    if (result.status !== 0) {
      const said = result.stderr.trim().split('\n')[0] ?? '';
      throw new PackError({ kind: 'signing-failed', said });
    }
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new PackError({ kind: 'tool-missing', command: 'openssl', package: DEBIAN_PACKAGES.openssl });
  }
  const bytes = readFileSync(signature);
  for (const file of [text, signature]) rmSync(file);
  return bytes;
}
