import { openElf } from '../../../../src/check/elf/open-elf.js';
import { load } from '../../../../src/check/elf/search/load.js';
import { Searches } from '../../../../src/check/elf/search/searches.js';
import { Surroundings } from '../../../../src/check/elf/surroundings.js';
import { MACHINE } from '../../../support/elf-bytes.js';
import { symlink, type Tree } from '../../../support/tree.js';
import { withChecked } from '../../checked.js';
import { gnuHost, image, libc, library, loader, program } from '../cases.js';

/** Where the libraries of `/usr/bin/foo` are found: `image /usr/lib/liba.so`, `missing`. */
function libraries(tree: Tree, host: Tree = gnuHost()): Record<string, string> {
  return withChecked({ tree: image(tree), host }, (opened) => {
    const surroundings = new Surroundings(opened);
    const look = surroundings.find('/usr/bin/foo');
    if (typeof look === 'string') throw new Error(look);
    const file = openElf(look.place.file);
    if (file.kind !== 'elf') throw new Error(file.kind);
    const search = new Searches(surroundings).of(file.elf);
    const { needs } = load({ place: look.place, elf: file.elf, loader: null }, search, surroundings);
    return Object.fromEntries(
      needs.map(({ library: name, found }) => [
        name,
        typeof found === 'string'
          ? found
          : `${found.place.from} ${found.place.path}${found.needsCache ? ' after ldconfig' : ''}`,
      ]),
    );
  });
}

const needs = (...needed: string[]) => program({ needed });

test('in the image before the host, and what the host alone has on the host', () => {
  expect(
    libraries(
      { 'usr/bin/foo': needs('liba.so', 'libb.so', 'libc.so.6'), 'usr/lib64/liba.so': library('liba.so') },
      gnuHost({ 'usr/lib64/liba.so': library('liba.so'), 'usr/lib64/libb.so': library('libb.so') }),
    ),
  ).toEqual({
    'liba.so': 'image /usr/lib64/liba.so',
    'libb.so': 'host /usr/lib64/libb.so',
    'libc.so.6': 'host /usr/lib64/libc.so.6',
  });
});

test('an absolute symlink of the image leads to what is seen when it is merged', () => {
  expect(
    libraries(
      {
        'usr/bin/foo': needs('liba.so', 'libb.so'),
        'usr/lib64/liba.so': symlink('/usr/lib/x/liba.so'),
        'usr/lib/x/liba.so': library('liba.so'),
        'usr/lib64/libb.so': symlink('/opt/host/libb.so'),
      },
      gnuHost({ 'opt/host/libb.so': library('libb.so') }),
    ),
  ).toEqual({ 'liba.so': 'image /usr/lib/x/liba.so', 'libb.so': 'host /opt/host/libb.so' });
});

test('RUNPATH is for what the file itself needs; RPATH for all that is loaded for it', () => {
  const tree = {
    'usr/lib/own/liba.so': library('liba.so', { needed: ['libb.so'] }),
    'usr/lib/own/libb.so': library('libb.so'),
  };
  const runpath = { ...tree, 'usr/bin/foo': program({ needed: ['liba.so'], runpath: '$ORIGIN/../lib/own' }) };
  expect(libraries(runpath)).toEqual({ 'liba.so': 'image /usr/lib/own/liba.so', 'libb.so': 'missing' });
  const rpath = { ...tree, 'usr/bin/foo': program({ needed: ['liba.so'], rpath: '$ORIGIN/../lib/own' }) };
  expect(libraries(rpath)).toEqual({
    'liba.so': 'image /usr/lib/own/liba.so',
    'libb.so': 'image /usr/lib/own/libb.so',
  });
});

test('RPATH does nothing in a file with RUNPATH, nor for one that has RUNPATH', () => {
  const both = program({ needed: ['liba.so'], rpath: '/usr/lib/own', runpath: '/usr/lib/other' });
  const tree = { 'usr/lib/own/liba.so': library('liba.so'), 'usr/lib/own/libb.so': library('libb.so') };
  expect(libraries({ ...tree, 'usr/bin/foo': both })).toEqual({ 'liba.so': 'missing' });
  expect(
    libraries({
      'usr/bin/foo': program({ needed: ['liba.so'], rpath: '/usr/lib/own' }),
      'usr/lib/own/liba.so': library('liba.so', { needed: ['libb.so'], runpath: '/usr/lib/none' }),
      'usr/lib/own/libb.so': library('libb.so'),
    }),
  ).toEqual({ 'liba.so': 'image /usr/lib/own/liba.so', 'libb.so': 'missing' });
});

test('RUNPATH goes before the system directories, and $ORIGIN is where a library was found', () => {
  expect(
    libraries({
      'usr/bin/foo': program({ needed: ['liba.so'], runpath: '/usr/lib/x' }),
      'usr/lib/x/liba.so': symlink('../y/liba.so'),
      'usr/lib/y/liba.so': library('liba.so', { needed: ['libb.so'], runpath: '$ORIGIN' }),
      'usr/lib/x/libb.so': library('libb.so'),
      'usr/lib64/libb.so': library('libb.so'),
    }),
  ).toEqual({ 'liba.so': 'image /usr/lib/y/liba.so', 'libb.so': 'image /usr/lib/x/libb.so' });
});

test('a library that is loaded already is not looked for again, by its DT_SONAME either', () => {
  expect(
    libraries({
      'usr/bin/foo': program({ needed: ['liba.so', 'libb.so.1'], runpath: '/usr/lib/own' }),
      'usr/lib/own/liba.so': library('libreal.so.1'),
      'usr/lib/own/libb.so.1': library('libb.so.1', { needed: ['libreal.so.1', 'libb.so.1'] }),
    }),
  ).toEqual({
    'liba.so': 'image /usr/lib/own/liba.so',
    'libb.so.1': 'image /usr/lib/own/libb.so.1',
    'libreal.so.1': 'image /usr/lib/own/liba.so',
  });
});

test('files of other machines, and such as are no libraries, are passed over', () => {
  expect(
    libraries(
      {
        'usr/bin/foo': program({
          needed: ['liba.so', 'libb.so', 'libd.so'],
          runpath: '/usr/lib/1:/usr/lib/2:/usr/lib/3',
        }),
        'usr/lib/1/liba.so': library('liba.so', { machine: MACHINE.arm64 }),
        'usr/lib/2/liba.so': library('liba.so', { width: 32 }),
        'usr/lib/3/liba.so': library('liba.so'),
        'usr/lib/1/libb.so': 'INPUT(libb.so.1)\n',
        'usr/lib/1/libd.so/x': '',
      },
      gnuHost({ 'usr/lib64/libd.so/x': '' }),
    ),
  ).toEqual({ 'liba.so': 'image /usr/lib/3/liba.so', 'libb.so': 'missing', 'libd.so': 'missing' });
});

test('DF_1_NODEFLIB keeps the loader out of the system directories', () => {
  expect(libraries({ 'usr/bin/foo': program({ needed: ['libc.so.6'], flags1: 0x800 }) })).toEqual({
    'libc.so.6': 'missing',
  });
});

test('a name with a slash is a path', () => {
  expect(
    libraries({
      'usr/bin/foo': needs('/usr/lib/x/liba.so', '$ORIGIN/b.so', '/usr/none.so', 'x/y.so'),
      'usr/lib/x/liba.so': library('a'),
      'usr/bin/b.so': library('b'),
    }),
  ).toEqual({
    '/usr/lib/x/liba.so': 'image /usr/lib/x/liba.so',
    '$ORIGIN/b.so': 'image /usr/bin/b.so',
    '/usr/none.so': 'missing',
    'x/y.so': 'unknown',
  });
});

test('the cache knows what the host has, and goes before the system directories', () => {
  const host = gnuHost({
    'etc/ld.so.conf': '/usr/local/lib\n',
    'usr/local/lib/liba.so': library('liba.so'),
    'usr/lib64/liba.so': library('liba.so'),
  });
  const tree = {
    'usr/bin/foo': needs('liba.so', 'libb.so', 'libd.so'),
    // The same path as in the cache.
    'usr/local/lib/liba.so': library('liba.so'),
    'usr/local/lib/libb.so': library('libb.so'),
    'usr/lib64/libb.so': library('libb.so'),
    'usr/local/lib/libd.so': library('libd.so'),
  };
  expect(libraries(tree, host)).toEqual({
    'liba.so': 'image /usr/local/lib/liba.so',
    'libb.so': 'image /usr/lib64/libb.so',
    'libd.so': 'image /usr/local/lib/libd.so after ldconfig',
  });
});

test('the loader says which directories are those of the system', () => {
  const host = gnuHost({ 'usr/lib64/ld-linux-x86-64.so.2': loader(['/lib/multi/', '/usr/lib/multi/']) });
  expect(
    libraries(
      {
        'usr/bin/foo': needs('liba.so', 'libb.so'),
        'usr/lib64/liba.so': library('liba.so'),
        'usr/lib/multi/libb.so': library('libb.so'),
      },
      host,
    ),
  ).toEqual({ 'liba.so': 'missing', 'libb.so': 'image /usr/lib/multi/libb.so' });
});

test('musl: its own directories, and RUNPATH is inherited too', () => {
  const host = {
    lib: symlink('usr/lib'),
    'etc/ld-musl-x86_64.path': '/usr/lib\n',
    'usr/lib/ld-musl-x86_64.so.1': library('libc.musl-x86_64.so.1'),
    'usr/lib/libc.musl-x86_64.so.1': symlink('ld-musl-x86_64.so.1'),
    'usr/local/lib/libz.so': library('libz.so'),
  };
  const interpreter = '/lib/ld-musl-x86_64.so.1';
  const needed = ['liba.so', 'libc.musl-x86_64.so.1', 'libz.so', 'libc.so', 'libm.so.6'];
  expect(
    libraries(
      {
        'usr/bin/foo': program({ interpreter, needed, runpath: '/usr/lib/own' }),
        'usr/lib/own/liba.so': library('liba.so', { needed: ['libb.so'] }),
        'usr/lib/own/libb.so': library('libb.so'),
      },
      host,
    ),
  ).toEqual({
    'liba.so': 'image /usr/lib/own/liba.so',
    'libb.so': 'image /usr/lib/own/libb.so',
    'libc.musl-x86_64.so.1': 'host /usr/lib/ld-musl-x86_64.so.1',
    'libz.so': 'missing',
    // These it brings itself.
    'libc.so': 'host /usr/lib/ld-musl-x86_64.so.1',
    'libm.so.6': 'host /usr/lib/ld-musl-x86_64.so.1',
  });
});

test('what may be there only while the machine runs is not called missing; what was in /tmp is', () => {
  expect(libraries({ 'usr/bin/foo': program({ needed: ['liba.so'], runpath: '/run/driver/lib' }) })).toEqual({
    'liba.so': 'unknown',
  });
  expect(libraries({ 'usr/bin/foo': program({ needed: ['liba.so'], runpath: '/tmp/build' }) })).toEqual({
    'liba.so': 'missing',
  });
});

test('a whiteout of the image hides the library of the host', () => {
  const tree = image({ 'usr/bin/foo': needs('libc.so.6'), 'usr/lib64/libc.so.6': libc(36) });
  const pretend = { '/usr/lib64/libc.so.6': { type: 'character', rdev: 0 } } as const;
  withChecked({ tree, host: gnuHost(), pretend }, (opened) => {
    expect(new Surroundings(opened).find('/usr/lib64/libc.so.6')).toBe('missing');
  });
});
