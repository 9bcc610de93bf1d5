import { spawnSync } from 'node:child_process';
import {
  ARCHITECTURES,
  hostArchitecture,
  nativeArchitecture,
  secondaryArchitecture,
} from '../../src/host/architecture.js';

test('the machine is one of the known architectures', () => {
  expect(ARCHITECTURES).toContain(hostArchitecture());
  expect(ARCHITECTURES).toContain(nativeArchitecture());
});

const uname = spawnSync('uname', ['-m'], { encoding: 'utf8' }).stdout.trim();
const onX86 = uname === 'x86_64' && process.arch === 'x64' ? test : test.skip;

onX86('on x86-64 (skipped elsewhere)', () => {
  expect(hostArchitecture()).toBe('x86-64');
  expect(nativeArchitecture()).toBe('x86-64');
});

test('only the pairs of systemd', () => {
  const pairs = [...ARCHITECTURES].map((name) => [name, secondaryArchitecture(name)]);
  expect(Object.fromEntries(pairs.filter(([, second]) => second !== null))).toEqual({
    'x86-64': 'x86',
    arm64: 'arm',
    ppc64: 'ppc',
    'ppc64-le': 'ppc-le',
    s390x: 's390',
  });
});

test('uname(2) names are no identifiers', () => {
  for (const name of ['x86_64', 'aarch64', 'i686', 'crisv32', 'any', '_any', 'native'])
    expect(ARCHITECTURES).not.toContain(name);
  for (const name of ['x86-64', 'arm64', 'mips64-le', 'mips-le', 'cris'])
    expect(ARCHITECTURES).toContain(name);
});
