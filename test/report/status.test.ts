import type { Image } from '../../src/images/image.js';
import type { Hierarchy } from '../../src/overlay/metadata.js';
import { formatOrigin, recordSource, type SourceRecord } from '../../src/overlay/origin.js';
import type { ImageFacts } from '../../src/report/image-record.js';
import { listReport } from '../../src/report/list.js';
import { statusReport } from '../../src/report/status.js';
import { formatTime } from '../../src/report/time.js';

const SINCE = 1795390858000000n;
const FACTS: ImageFacts = {
  version: '1.2',
  format: 'gpt',
  partitions: ['root', 'usr'],
  protection: null,
  rootHash: 'ab',
  loopDevices: [],
};
const facts = (images: readonly Image[]) => images.map(() => FACTS);
const DIRECTORY = { version: null, image: null };
const TABLE = { json: 'off', legend: true, verbose: false } as const;

function hierarchy(name: string, names: readonly string[] | null): Hierarchy {
  const merge = names === null ? null : { names, since: SINCE, device: '0:42', origin: null, work: null };
  return { name, path: `/mnt${name}`, merge };
}

const lines = (...text: string[]) => text.map((line) => `${line}\n`).join('');

describe('status', () => {
  const merged = [hierarchy('/usr', ['a', 'd']), hierarchy('/opt', null)];

  test('as a table, byte for byte as systemd-sysext 262 prints it', async () => {
    expect(await statusReport(merged, TABLE)).toBe(
      lines(
        'HIERARCHY EXTENSIONS SINCE',
        '/opt      -          -',
        `/usr      a          ${formatTime(SINCE)}`,
        '          d          ',
      ),
    );
  });

  test('without a legend', async () => {
    expect(await statusReport(merged, { ...TABLE, legend: false })).toBe(
      lines('/opt - -', `/usr a ${formatTime(SINCE)}`, '     d '),
    );
  });

  test('as JSON', async () => {
    expect(await statusReport(merged, { ...TABLE, json: 'short' })).toBe(
      '[{"hierarchy":"/opt","extensions":[],"since":null,"images":[],"choice":null},{"hierarchy":"/usr","extensions":["a","d"],"since":1795390858000000,"images":[],"choice":null}]\n',
    );
  });

  test('merged without any extension: since tells it', async () => {
    const empty = [hierarchy('/usr', [])];
    expect(await statusReport(empty, { ...TABLE, json: 'short' })).toBe(
      '[{"hierarchy":"/usr","extensions":[],"since":1795390858000000,"images":[],"choice":null}]\n',
    );
    expect(await statusReport(empty, { ...TABLE, legend: false })).toBe(`/usr - ${formatTime(SINCE)}\n`);
  });

  const ORIGIN = formatOrigin({
    mode: 'no',
    directories: new Map(),
    mountOptions: null,
    extensions: new Map<string, SourceRecord>([
      [
        'a',
        recordSource(
          '/x/a.raw',
          { device: '8:1', inode: 1n, created: 2n, modified: 3n },
          {
            version: '1.2',
            image: {
              format: 'gpt',
              partitions: ['root'],
              protection: 'signed',
              rootHash: 'ab',
              loopDevices: ['/dev/loop1', '/dev/loop2'],
            },
          },
        ),
      ],
      ['d', recordSource('/x/d', { device: '8:1', inode: 1n, created: 2n, modified: 3n }, DIRECTORY)],
    ]),
    choice: { names: ['a', 'd'], only: [], except: ['b*'], from: [], order: ['d', 'a'] },
  });
  const recorded = merged.map((one) => ({ ...one, merge: one.merge && { ...one.merge, origin: ORIGIN } }));

  test('with the columns that the original does not have', async () => {
    expect(await statusReport(recorded, { ...TABLE, legend: false, verbose: true })).toBe(
      lines(
        '/opt - -                           -   -         -    -      -  -                     -',
        `/usr a ${formatTime(SINCE)} 1.2 gpt       root signed ab /dev/loop1,/dev/loop2 a d --except='b*' --order=d,a`,
        '     d                             -   directory -    -      -  -                     ',
      ),
    );
  });

  test('what is known of the images as JSON', async () => {
    const text = await statusReport(recorded, { ...TABLE, json: 'short' });
    expect((JSON.parse(text) as { choice: unknown }[]).map(({ choice }) => choice)).toEqual([
      null,
      { names: ['a', 'd'], only: [], except: ['b*'], from: [], order: ['d', 'a'] },
    ]);
    expect((JSON.parse(text) as { images: unknown }[])[1]?.images).toEqual([
      {
        name: 'a',
        path: '/x/a.raw',
        version: '1.2',
        format: 'gpt',
        partitions: ['root'],
        protection: 'signed',
        rootHash: 'ab',
        loopDevices: ['/dev/loop1', '/dev/loop2'],
      },
      {
        name: 'd',
        path: '/x/d',
        version: null,
        format: 'directory',
        partitions: [],
        protection: null,
        rootHash: null,
        loopDevices: [],
      },
    ]);
  });

  test('no hierarchy', async () => {
    expect(await statusReport([], TABLE)).toBe('HIERARCHY EXTENSIONS SINCE\n');
    expect(await statusReport([], { ...TABLE, json: 'pretty' })).toBe('[]\n');
  });
});

describe('list', () => {
  function image(name: string, kind: Image['kind'], time = SINCE): Image {
    return { name, kind, path: `/x/${name}`, entry: `/e/${name}`, label: `${name}_1`, time, versions: null };
  }
  const images = [
    image('b', 'raw'),
    image('B10', 'directory'),
    image('B9', 'subvolume'),
    image('a', 'block'),
  ];

  test('in the order of the bytes of the names', async () => {
    const time = formatTime(SINCE);
    expect(await listReport(images, facts, TABLE)).toBe(
      lines(
        'NAME TYPE      PATH   TIME',
        `B10  directory /x/B10 ${time}`,
        `B9   subvolume /x/B9  ${time}`,
        `a    block     /x/a   ${time}`,
        `b    raw       /x/b   ${time}`,
      ),
    );
  });

  test('as JSON', async () => {
    expect(await listReport([image('b', 'raw', 0n)], facts, { ...TABLE, json: 'short' })).toBe(
      '[{"name":"b","type":"raw","path":"/x/b","time":0,"version":"1.2","format":"gpt","partitions":["root","usr"],"protection":null,"rootHash":"ab","loopDevices":[]}]\n',
    );
  });

  test('a file system that keeps no birth time: systemd-sysext prints a dash', async () => {
    expect(await listReport([image('b', 'directory', 0n)], facts, { ...TABLE, legend: false })).toBe(
      'b directory /x/b -\n',
    );
  });
});
