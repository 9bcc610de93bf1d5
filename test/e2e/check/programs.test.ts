import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { gnuHost, libc, library, program } from '../../check/elf/cases.js';
import { type CheckedJson, readChecked } from '../../support/check-schema.js';
import { MACHINE } from '../../support/elf-bytes.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { file, type Tree } from '../../support/tree.js';

const version = (name: string) => ({
  versionsNeeded: [{ library: 'libc.so.6', versions: [{ name, weak: false }] }],
});

/** Programs with one trouble each, and some with none. */
const BAD: Tree = {
  'usr/bin/good': program({ needed: ['libgood.so.1', 'libc.so.6'], runpath: '$ORIGIN/../lib/good' }),
  'usr/lib/good/libgood.so.1': library('libgood.so.1'),
  'usr/bin/script': file('#!/usr/bin/env good\n', { mode: 0o755 }),
  'usr/bin/library': program({ needed: ['libfoo.so.1'] }),
  'usr/bin/version': program(version('GLIBC_2.38')),
  'usr/bin/loader': program({ interpreter: '/lib/ld-musl-x86_64.so.1' }),
  'usr/bin/arm': program({ machine: MACHINE.arm64 }),
  'usr/bin/python': file('#!/usr/bin/python3\n', { mode: 0o755 }),
  'usr/bin/path': program({ runpath: '/home/me/build' }),
  'usr/lib64/libm.so.6': libc(30),
};

const WANTED = [
  'foreign-architecture /usr/bin/arm',
  'hides-libc /usr/lib64/libm.so.6',
  'library-path-of-build /usr/bin/path',
  'missing-library /usr/bin/library',
  'missing-loader /usr/bin/loader',
  'missing-script-interpreter /usr/bin/python',
  'missing-symbol-version /usr/bin/version',
];

let machine: Machine;
beforeAll(async () => {
  const release = 'ID=debian\nVERSION_ID=13\nARCHITECTURE=x86-64\n';
  const secret: Tree = { 'usr/bin/secret': program() };
  const tree: Tree = {
    ...HOST,
    ...gnuHost({ 'usr/lib64/libm.so.6': libc(36, { soname: 'libm.so.6' }) }),
    ...extension('bad', { release, files: BAD }),
    ...extension('secret', { release, files: secret }),
  };
  machine = await Machine.open({ tree });
  chmodSync(join(machine.root, 'var/lib/extensions/secret/usr/bin/secret'), 0o700);
  chmodSync(machine.directory, 0o755);
});
afterAll(() => machine.close());

const pathsOf = ({ images }: CheckedJson) =>
  images.flatMap(({ findings }) => findings.map(({ code, path }) => `${code} ${path}`));

/** Whatever machine this runs on, it is not that of the image. */
const ofPrograms = (found: readonly string[]) =>
  found.filter((one) => !/^(does-not-fit-host|type-conflict) /.test(one)).sort();

test('programs of an image are held against the libraries of the host', async () => {
  const { status, stdout, stderr } = await machine.call(['check', 'bad', '--json=short']);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(ofPrograms(pathsOf(readChecked(stdout)))).toEqual(WANTED);

  const text = await machine.call(['check', 'bad']);
  expect(text.stdout).toContain(
    "    /usr/bin/version: it needs GLIBC_2.38 of 'libc.so.6', which the host's '/usr/lib64/libc.so.6' does not have (its newest is GLIBC_2.36).\n",
  );
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test : test.skip)('a program that may not be read leaves the answer open', async () => {
  const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const command = [...user, ...programCommand(), `--root=${machine.root}`, 'check', 'secret'];
  const { status, stdout } = await machine.namespace.run(command, { env: ENVIRONMENT });
  expect(stdout).toContain("you may not look into '/usr/bin/secret'");
  expect(status).toBe(2);
});
