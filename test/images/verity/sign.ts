import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';

export const NO_OPENSSL = provide({ openssl: 'openssl' });

/** `describe`, left out with the reason in its name where openssl(1) is not to be had. */
export function describeWithOpenssl(name: string, body: () => void): void {
  if (NO_OPENSSL === null) describe(name, body);
  else describe.skip(`${name}, ${NO_OPENSSL}`, body);
}

export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** Keys by the options of openssl-req(1) `-newkey`. */
export const KEYS = {
  rsa: ['rsa:2048'],
  p256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'rsa-pss': ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
} as const;

/** A directory with keys, signatures, and a root that has certificates in it, as long as the tests of a file run. */
export class SignatureScratch {
  readonly directory = mkdtempSync(join(tmpdir(), 'sysext-signature-'));
  readonly root = join(this.directory, 'root');
  private count = 0;

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  path(): string {
    this.count += 1;
    return join(this.directory, String(this.count));
  }

  openssl(...args: string[]): Buffer {
    return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  }

  identity(subject: string, key: keyof typeof KEYS = 'rsa', ...more: string[]): Identity {
    const made = { certificate: this.path(), key: this.path() };
    const files = ['-keyout', made.key, '-out', made.certificate];
    this.openssl('req', '-x509', '-nodes', '-newkey', ...KEYS[key], ...files, '-subj', subject, ...more);
    return made;
  }

  /** With `smime`, that is PKCS7_sign(), or `cms`; DER. */
  sign(
    content: string | Buffer,
    signers: readonly Identity[],
    options: string[] = [],
    tool = 'smime',
  ): Buffer {
    const [input, output] = [this.path(), this.path()];
    writeFileSync(input, content);
    const who = signers.flatMap(({ certificate, key }) => ['-signer', certificate, '-inkey', key]);
    this.openssl(
      tool,
      '-sign',
      '-binary',
      '-outform',
      'DER',
      '-in',
      input,
      '-out',
      output,
      ...who,
      ...options,
    );
    return readFileSync(output);
  }

  /** What PKCS7_verify() says of it with PKCS7_NOINTERN and PKCS7_NOVERIFY. */
  opensslAccepts(content: string, signature: Buffer, trusted: readonly Identity[]): boolean {
    const [input, signed, certificates] = [this.path(), this.path(), this.path()];
    writeFileSync(input, content);
    writeFileSync(signed, signature);
    writeFileSync(certificates, trusted.map(({ certificate }) => readFileSync(certificate)).join('\n'));
    try {
      const files = ['-in', signed, '-content', input, '-certfile', certificates];
      this.openssl('smime', '-verify', '-binary', '-inform', 'DER', ...files, '-nointern', '-noverify');
      return true;
    } catch {
      return false;
    }
  }

  /** Puts certificates into the root, instead of those that are there. */
  trust(...identities: Identity[]): void {
    rmSync(this.root, { recursive: true, force: true });
    mkdirSync(join(this.root, 'etc/verity.d'), { recursive: true });
    identities.forEach(({ certificate }, i) => {
      writeFileSync(join(this.root, `etc/verity.d/${i}.crt`), readFileSync(certificate));
    });
  }
}
