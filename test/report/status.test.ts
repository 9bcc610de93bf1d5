import type { Image } from '../../src/images/image.js';
import type { Hierarchy } from '../../src/overlay/metadata.js';
import { listReport } from '../../src/report/list.js';
import { statusReport } from '../../src/report/status.js';
import { formatTime } from '../../src/report/time.js';

const SINCE = 1795390858000000n;
const TABLE = { json: 'off', legend: true } as const;

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
      '[{"hierarchy":"/opt","extensions":[],"since":null},{"hierarchy":"/usr","extensions":["a","d"],"since":1795390858000000}]\n',
    );
  });

  test('merged without any extension: since tells it', async () => {
    const empty = [hierarchy('/usr', [])];
    expect(await statusReport(empty, { ...TABLE, json: 'short' })).toBe(
      '[{"hierarchy":"/usr","extensions":[],"since":1795390858000000}]\n',
    );
    expect(await statusReport(empty, { ...TABLE, legend: false })).toBe(`/usr - ${formatTime(SINCE)}\n`);
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
    expect(await listReport(images, TABLE)).toBe(
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
    expect(await listReport([image('b', 'raw', 0n)], { ...TABLE, json: 'short' })).toBe(
      '[{"name":"b","type":"raw","path":"/x/b","time":0}]\n',
    );
  });

  test('a file system that keeps no birth time: systemd-sysext prints a dash', async () => {
    expect(await listReport([image('b', 'directory', 0n)], { ...TABLE, legend: false })).toBe(
      'b directory /x/b -\n',
    );
  });
});
