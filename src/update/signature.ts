import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSmallFile } from '../host/files.js';
import { CommandMissingError, runCommand } from '../host/process.js';
import { findBelow } from '../host/root.js';

/** Whom the manifests of servers are believed from, below a root; of each line the first file that is there (sysupdate.d(5), `Verify=`). */
export const KEYRINGS = [
  ['/etc/systemd/import-pubring.pgp', '/etc/systemd/import-pubring.gpg'],
  ['/usr/lib/systemd/import-pubring.pgp', '/usr/lib/systemd/import-pubring.gpg'],
];

/** In bytes. Keyrings of whole distributions are smaller. */
const KEYRING_LIMIT = 16 * 1024 * 1024;

export type ManifestSignature =
  | { readonly kind: 'good' }
  /** What the program said of it. */
  | { readonly kind: 'bad'; readonly text: string }
  | { readonly kind: 'no-keyring' }
  | { readonly kind: 'no-program' };

/**
 * Checks the OpenPGP signature of a manifest with gpgv(1) or, where there is none, gpg(1). Any key of the keyrings will do: who
 * puts one there trusts its owner.
 *
 * @param root absolute path, free of symlinks; the keyrings are below it
 * @throws the errors of reading the keyrings
 */
export function verifyManifest(manifest: Buffer, signature: Buffer, root: string): ManifestSignature {
  const found = KEYRINGS.flatMap((names) => names.map((name) => findBelow(root, name)).find(Boolean) ?? []);
  if (found.length === 0) return { kind: 'no-keyring' };
  const directory = mkdtempSync(join(tmpdir(), 'sysext-keys-'));
  try {
    const put = (name: string, content: Buffer) => {
      const file = join(directory, name);
      writeFileSync(file, content, { mode: 0o600 });
      return file;
    };
    const files = [put('signature', signature), put('manifest', manifest)] as const;
    const keyrings = found.map((file, index) => {
      const keyring = put(`keys-${index}`, readSmallFile(file, KEYRING_LIMIT));
      return unarmored(keyring);
    });
    return verify(directory, keyrings, files);
  } catch (error) {
    if (error instanceof CommandMissingError) return { kind: 'no-program' };
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function verify(home: string, keyrings: readonly string[], files: readonly string[]): ManifestSignature {
  const words = ['--homedir', home, ...keyrings.flatMap((keyring) => ['--keyring', keyring])];
  const { status, stderr } = runFirst([
    ['gpgv', ...words, ...files],
    // Without options that somebody has set, and whatever it thinks of the owner of the key.
    [
      'gpg',
      '--no-options',
      '--batch',
      '--no-default-keyring',
      '--trust-model',
      'always',
      ...words,
      '--verify',
      ...files,
    ],
  ]);
  if (status === 0) return { kind: 'good' };
  const lines = stderr.split('\n').map((line) => line.replace(/^gpgv?: /, '').trim());
  return { kind: 'bad', text: lines.findLast((line) => line !== '') ?? `exit status ${status}` };
}

/** Both programs read keyrings as bytes only, and people export them as text. */
function unarmored(file: string): string {
  if (!readSmallFile(file, KEYRING_LIMIT).subarray(0, 64).toString('latin1').startsWith('-----BEGIN PGP'))
    return file;
  const result = runCommand(['gpg', '--no-options', '--batch', '--output', `${file}.bin`, '--dearmor', file]);
  return result.status === 0 ? `${file}.bin` : file;
}

/** @throws CommandMissingError if none of them is installed */
function runFirst(commands: readonly (readonly string[])[]) {
  for (const command of commands.slice(0, -1)) {
    try {
      return runCommand(command);
    } catch (error) {
      if (!(error instanceof CommandMissingError)) throw error;
    }
  }
  return runCommand(commands.at(-1)!);
}
