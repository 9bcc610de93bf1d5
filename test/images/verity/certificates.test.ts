import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCertificates } from '../../../src/images/verity/certificates.js';
import { describeWithOpenssl, type Identity, SignatureScratch } from './sign.js';

/** All of it was checked with systemd-sysext 262 `--root=`, but what is said to be otherwise there. */
describeWithOpenssl('certificates', () => {
  let scratch: SignatureScratch;
  let one: Identity;
  let two: Identity;
  beforeAll(() => {
    scratch = new SignatureScratch();
    one = scratch.identity('/CN=one', 'p256');
    two = scratch.identity('/CN=two', 'p256');
  });
  afterAll(() => scratch.remove());
  beforeEach(() => {
    rmSync(scratch.root, { recursive: true, force: true });
    mkdirSync(scratch.root);
  });

  const at = (path: string) => {
    const file = join(scratch.root, path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  const put = (path: string, content: string | Buffer | Identity) => {
    if (typeof content === 'object' && 'certificate' in content) copyFileSync(content.certificate, at(path));
    else writeFileSync(at(path), content);
  };
  const pem = ({ certificate }: Identity) => readFileSync(certificate, 'utf8');
  const found = () => {
    const { certificates, problems } = readCertificates(scratch.root);
    return {
      names: certificates.map(({ file, x509 }) => `${file.slice(scratch.root.length)} ${x509.subject}`),
      problems: problems.map(({ file }) => file.slice(scratch.root.length)),
    };
  };
  const only = (...names: string[]) => ({ names, problems: [] });

  test('none', () => {
    expect(found()).toEqual(only());
  });

  test('from all directories, the first has precedence', () => {
    const directories = ['usr/lib', 'usr/local/lib', 'run', 'etc'];
    directories.forEach((directory, i) => {
      put(`${directory}/verity.d/a.crt`, i % 2 === 0 ? one : two);
      expect(found()).toEqual(only(`/${directory}/verity.d/a.crt CN=${i % 2 === 0 ? 'one' : 'two'}`));
    });
    put('usr/lib/verity.d/b.crt', two);
    expect(found().names).toHaveLength(2);
  });

  test.each<[string, () => void]>([
    ['another ending', () => put('etc/verity.d/a.pem', one)],
    ['an ending in upper case', () => put('etc/verity.d/a.CRT', one)],
    ['a hidden file', () => put('etc/verity.d/.a.crt', one)],
    ['no name', () => put('etc/verity.d/.crt', one)],
    ['an empty file', () => put('etc/verity.d/a.crt', '')],
    ['a symlink to nothing', () => symlinkSync('/nowhere', at('etc/verity.d/a.crt'))],
    ['a symlink out of the root', () => symlinkSync(one.certificate, at('etc/verity.d/a.crt'))],
  ])('%s does not count', (_, make) => {
    make();
    expect(found()).toEqual(only());
  });

  test.each<[string, () => string | Buffer]>([
    ['something before it', () => `Certificate:\n  Data\n${readFileSync(one.key, 'utf8')}${pem(one)}`],
    ['another one behind it', () => pem(one) + pem(two)],
    ['line ends of DOS', () => pem(one).replaceAll('\n', '\r\n')],
    ['an old label', () => pem(one).replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ])('PEM with %s', (_, content) => {
    put('etc/verity.d/a.crt', content());
    expect(found()).toEqual(only('/etc/verity.d/a.crt CN=one'));
  });

  test.each<[string, () => string | Buffer]>([
    ['text', () => 'text'],
    ['DER', () => scratch.openssl('x509', '-in', one.certificate, '-outform', 'DER')],
    ['a key', () => readFileSync(one.key)],
    ['a trusted certificate', () => scratch.openssl('x509', '-in', one.certificate, '-trustout')],
    ['broken base64', () => pem(one).replace('MII', 'AAA')],
    ['much', () => Buffer.alloc(1024 * 1024 + 1, '-')],
  ])('%s is a problem, and hides what is behind', (_, content) => {
    put('etc/verity.d/a.crt', content());
    put('usr/lib/verity.d/a.crt', one);
    expect(found()).toEqual({ names: [], problems: ['/etc/verity.d/a.crt'] });
  });

  test.each<[string, () => void]>([
    ['a symlink to /dev/null', () => symlinkSync('/dev/null', at('etc/verity.d/a.crt'))],
    ['an empty file', () => put('etc/verity.d/a.crt', '')],
  ])('%s masks', (_, make) => {
    put('usr/lib/verity.d/a.crt', one);
    make();
    expect(found()).toEqual(only());
  });

  test.each<[string, string[], () => void]>([
    ['a symlink to nothing', [], () => symlinkSync('/nowhere', at('etc/verity.d/a.crt'))],
    ['a directory', ['/etc/verity.d/a.crt'], () => mkdirSync(at('etc/verity.d/a.crt'))],
    ['a FIFO', ['/etc/verity.d/a.crt'], () => execFileSync('mkfifo', [at('etc/verity.d/a.crt')])],
  ])('%s hides nothing', (_, problems, make) => {
    put('usr/lib/verity.d/a.crt', one);
    make();
    expect(found()).toEqual({ names: ['/usr/lib/verity.d/a.crt CN=one'], problems });
  });

  test('symlinks below the root are followed, which 262 finds and then cannot open', () => {
    put('srv/file', one);
    symlinkSync('/srv/file', at('etc/verity.d/a.crt'));
    expect(found()).toEqual(only('/etc/verity.d/a.crt CN=one'));
  });

  test('a directory may be a symlink, too', () => {
    put('srv/certificates/a.crt', one);
    symlinkSync('/srv/certificates', at('etc/verity.d'));
    expect(found()).toEqual(only('/srv/certificates/a.crt CN=one'));
  });

  test('a directory that cannot be listed', () => {
    put('etc/verity.d', 'a file');
    put('run/verity.d/a.crt', one);
    expect(found()).toEqual({ names: ['/run/verity.d/a.crt CN=one'], problems: ['/etc/verity.d'] });
  });
});
