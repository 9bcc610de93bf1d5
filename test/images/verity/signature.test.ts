import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificates } from '../../../src/images/verity/certificates.js';
import { checkSignature } from '../../../src/images/verity/signature.js';
import { describeWithOpenssl, type Identity, SignatureScratch } from './sign.js';

const HASH = Buffer.from('57d5b9bbd5a3ae1b9a3d76bcbd9e4a1d1f0c2b3a495867768594a3b2c1d0e0f0', 'hex');
const CONTENT = HASH.toString('hex');

/** As systemd-repart(8) signs. */
const PLAIN = ['-noattr', '-nocerts'];

describeWithOpenssl('signatures of openssl', () => {
  let scratch: SignatureScratch;
  let rsa: Identity;
  let other: Identity;
  let p256: Identity;
  let p384: Identity;
  let pss: Identity;
  let expired: Identity;
  beforeAll(() => {
    scratch = new SignatureScratch();
    rsa = scratch.identity('/C=DE/O=Example/CN=signer');
    other = scratch.identity('/CN=other');
    p256 = scratch.identity('/CN=p256', 'p256');
    p384 = scratch.identity('/CN=p384', 'p384');
    pss = scratch.identity('/CN=pss', 'rsa-pss');
    expired = { ...rsa, certificate: scratch.path() };
    const request = scratch.path();
    scratch.openssl('req', '-new', '-key', rsa.key, '-subj', '/CN=expired', '-out', request);
    const made = ['-signkey', rsa.key, '-days', '-1', '-out', expired.certificate];
    scratch.openssl('x509', '-req', '-in', request, ...made);
  });
  afterAll(() => scratch.remove());

  /** What we say, which must be yes or no as OpenSSL says. */
  const check = (signature: Buffer, ...trusted: Identity[]) => {
    scratch.trust(...trusted);
    const outcome = checkSignature(HASH, signature, readCertificates(scratch.root));
    expect(outcome.kind === 'signed').toBe(scratch.opensslAccepts(CONTENT, signature, trusted));
    return outcome;
  };
  const signed = (n = 0) => ({ kind: 'signed', certificate: join(scratch.root, `etc/verity.d/${n}.crt`) });

  test('who has signed', () => {
    const outcome = check(scratch.sign(CONTENT, [rsa], PLAIN), other, rsa);
    const fingerprint = scratch
      .openssl('x509', '-in', rsa.certificate, '-noout', '-fingerprint', '-sha256')
      .toString()
      .replace(/^.*=|:|\n/g, '')
      .toLowerCase();
    expect(outcome).toEqual({ ...signed(1), fingerprint, subject: 'C=DE, O=Example, CN=signer' });
  });

  test('none', () => {
    expect(checkSignature(HASH, null, { certificates: [], problems: [] })).toEqual({ kind: 'unsigned' });
  });

  describe('good ones', () => {
    test.each<[string, () => [Identity, string[], string?]]>([
      ['with signed attributes', () => [rsa, ['-nocerts']]],
      ['with certificates', () => [rsa, []]],
      ['SHA-384', () => [rsa, ['-md', 'sha384']]],
      ['SHA-512', () => [rsa, [...PLAIN, '-md', 'sha512']]],
      ['P-256', () => [p256, PLAIN]],
      ['P-384 with SHA-384 and attributes', () => [p384, ['-md', 'sha384']]],
      ['a key for RSASSA-PSS', () => [pss, ['-nocerts'], 'cms']],
      ['CMS', () => [rsa, ['-nocerts'], 'cms']],
      ['CMS without attributes', () => [p256, PLAIN, 'cms']],
      ['the content in it', () => [rsa, [...PLAIN, '-nodetach']]],
      ['indefinite lengths', () => [rsa, [...PLAIN, '-nodetach', '-stream', '-indef'], 'cms']],
      ['an expired certificate', () => [expired, PLAIN]],
    ])('%s', (_, make) => {
      const [identity, options, tool] = make();
      expect(check(scratch.sign(CONTENT, [identity], options, tool), identity)).toMatchObject(signed());
    });

    test('of two signers', () => {
      expect(check(scratch.sign(CONTENT, [rsa, p256], PLAIN), p256, rsa)).toMatchObject({ kind: 'signed' });
    });

    test('with something behind it', () => {
      const signature = Buffer.concat([scratch.sign(CONTENT, [rsa], PLAIN), Buffer.from('more')]);
      expect(check(signature, rsa)).toMatchObject(signed());
    });
  });

  describe('not for this root hash', () => {
    const invalid = { kind: 'invalid', reason: { kind: 'other-content' } };
    test.each<[string, string]>([
      ['another', '00'.repeat(32)],
      ['upper case', CONTENT.toUpperCase()],
      ['with a newline', `${CONTENT}\n`],
      ['nothing', ''],
    ])('%s', (_, content) => {
      expect(check(scratch.sign(content, [rsa], PLAIN), rsa)).toEqual(invalid);
      expect(check(scratch.sign(content, [rsa], ['-nocerts']), rsa)).toEqual(invalid);
      expect(check(scratch.sign(content, [rsa], [...PLAIN, '-nodetach']), rsa)).toEqual(invalid);
    });

    test('bytes instead of digits', () => {
      expect(check(scratch.sign(HASH, [rsa], PLAIN), rsa)).toEqual(invalid);
    });
  });

  describe('not by somebody who is trusted', () => {
    test('no certificates', () => {
      expect(check(scratch.sign(CONTENT, [rsa], PLAIN))).toMatchObject({
        kind: 'untrusted',
        issuer: 'C=DE, O=Example, CN=signer',
        certificates: 0,
      });
    });

    test('others', () => {
      const outcome = check(scratch.sign(CONTENT, [rsa], []), other, p256);
      expect(outcome).toMatchObject({ kind: 'untrusted', certificates: 2 });
    });

    test('one signer of two', () => {
      expect(check(scratch.sign(CONTENT, [rsa, p256], PLAIN), rsa)).toMatchObject({
        kind: 'untrusted',
        issuer: 'CN=p256',
      });
    });

    test('the authority that has signed the certificate', () => {
      const [request, leaf] = [scratch.path(), { key: other.key, certificate: scratch.path() }];
      scratch.openssl('req', '-new', '-key', leaf.key, '-subj', '/CN=leaf', '-out', request);
      const authority = ['-CA', rsa.certificate, '-CAkey', rsa.key, '-CAcreateserial'];
      scratch.openssl('x509', '-req', '-in', request, ...authority, '-out', leaf.certificate);
      const signature = scratch.sign(CONTENT, [leaf]);
      expect(check(signature, rsa)).toMatchObject({ kind: 'untrusted' });
      expect(check(signature, leaf)).toMatchObject({ kind: 'signed', subject: 'CN=leaf' });
    });

    test('the same name and number, another key', () => {
      const again = scratch.identity('/CN=again', 'rsa', '-set_serial', '7');
      const fake = scratch.identity('/CN=again', 'rsa', '-set_serial', '7');
      expect(check(scratch.sign(CONTENT, [fake], PLAIN), again)).toEqual({
        kind: 'invalid',
        reason: { kind: 'other-content' },
      });
      expect(check(scratch.sign(CONTENT, [fake]), again)).toEqual({
        kind: 'invalid',
        reason: { kind: 'wrong-key', certificate: join(scratch.root, 'etc/verity.d/0.crt') },
      });
    });

    test('a certificate that cannot be read could be the one', () => {
      scratch.trust(other);
      const { certificates } = readCertificates(scratch.root);
      const problems = [{ kind: 'no-certificate', file: '/etc/verity.d/x.crt' }] as const;
      expect(checkSignature(HASH, scratch.sign(CONTENT, [rsa], PLAIN), { certificates, problems })).toEqual({
        kind: 'unchecked',
        reason: { kind: 'certificates', problems },
      });
    });
  });

  describe('not to be checked', () => {
    const unchecked = (algorithm: string) => ({
      kind: 'unchecked',
      reason: { kind: 'algorithm', algorithm },
    });

    /** The only ones that OpenSSL takes and we do not. */
    test.each([
      ['md5', '1.2.840.113549.2.5'],
      ['sha1', '1.3.14.3.2.26'],
    ])('%s', (digest, oid) => {
      scratch.trust(rsa);
      const signature = scratch.sign(CONTENT, [rsa], [...PLAIN, '-md', digest]);
      expect(checkSignature(HASH, signature, readCertificates(scratch.root))).toEqual(unchecked(oid));
    });

    test('RSASSA-PSS with a key for anything', () => {
      const options = ['-nocerts', '-keyopt', 'rsa_padding_mode:pss'];
      expect(check(scratch.sign(CONTENT, [rsa], options, 'cms'), rsa)).toEqual(
        unchecked('1.2.840.113549.1.1.10'),
      );
    });
  });

  describe('malformed', () => {
    test.each<[string, string, () => Buffer]>([
      ['nothing', 'ContentInfo', () => Buffer.alloc(0)],
      ['text', 'ContentInfo', () => Buffer.from('base64:MIIB')],
      [
        'a certificate',
        'contentType',
        () => scratch.openssl('x509', '-in', rsa.certificate, '-outform', 'DER'),
      ],
      ['cut off', 'ContentInfo', () => scratch.sign(CONTENT, [rsa], PLAIN).subarray(0, -1)],
      [
        'named by key',
        'issuerAndSerialNumber',
        () => scratch.sign(CONTENT, [rsa], ['-keyid', ...PLAIN], 'cms'),
      ],
      ['2 MiB of nesting', 'ContentInfo', () => Buffer.alloc(2 ** 21, Buffer.from([0x30, 0x80]))],
      ['encrypted', 'contentType', () => Buffer.from('300f06092a864886f70d010703a0023000', 'hex')],
      ['no signers', 'signerInfos', () => noSigners()],
    ])('%s', (_, field, make) => {
      expect(check(make(), rsa)).toEqual({ kind: 'invalid', reason: { kind: 'malformed', field } });
    });

    const noSigners = () => {
      const [input, output] = [rsa.certificate, scratch.path()];
      scratch.openssl('crl2pkcs7', '-nocrl', '-certfile', input, '-outform', 'DER', '-out', output);
      return readFileSync(output);
    };
  });

  test.each([
    ['without attributes', PLAIN],
    ['with attributes', ['-nocerts']],
  ])('a flipped bit, %s', (_, options) => {
    const signature = scratch.sign(CONTENT, [p256], options);
    scratch.trust(p256);
    const trusted = readCertificates(scratch.root);
    for (let at = 0; at < signature.length; at += 3) {
      const copy = Buffer.from(signature);
      copy[at]! ^= 1 << (at % 8);
      // Versions, parameters and the like say nothing. Whatever we take OpenSSL has to take as well.
      if (checkSignature(HASH, copy, trusted).kind === 'signed')
        expect({ at, accepts: scratch.opensslAccepts(CONTENT, copy, [p256]) }).toEqual({ at, accepts: true });
    }
  });
});
