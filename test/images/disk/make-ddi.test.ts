import { readFileSync } from 'node:fs';
import { bufferReader, sectionOf } from '../../../src/images/byte-reader.js';
import { choosePartitions } from '../../../src/images/disk/choose-partitions.js';
import { readPartitionTable } from '../../../src/images/disk/gpt.js';
import type { PartitionChoice } from '../../../src/images/disk/partition-choice.js';
import type { PartitionTable } from '../../../src/images/disk/partition-table.js';
import { identify } from '../../../src/images/identify.js';
import { uuidsOfRootHash } from '../../../src/images/verity/root-hash.js';
import { provide } from '../../support/debian.js';
import { diskScratch } from '../../support/disk-scratch.js';
import {
  DDI_TOOLS,
  type DdiOptions,
  findRepart,
  makeDdi,
  makeKey,
  NO_REPART,
} from '../../support/make-ddi.js';

const missing = provide(DDI_TOOLS) ?? (findRepart() === null ? NO_REPART : null);
if (missing !== null) test.skip(missing, () => {});

(missing === null ? describe : describe.skip)('an image of systemd-repart', () => {
  const scratch = diskScratch();
  const read = (options: Omit<DdiOptions, 'tree'>) => {
    const { file, rootHash } = makeDdi(scratch.path(), {
      tree: scratch.tree(),
      architecture: 'x86-64',
      ...options,
    });
    const reader = bufferReader(readFileSync(file));
    const table = readPartitionTable(reader) as PartitionTable;
    const choose = (hierarchy: 'root' | 'usr', hash: string | null) =>
      choosePartitions(table, { architecture: 'x86-64', ...(hash && { rootHash: { hierarchy, hash } }) });
    return { reader, table, rootHash, choose };
  };

  test.each(['erofs', 'squashfs', 'ext4'] as const)('of %s', (format) => {
    const { reader, choose, rootHash } = read({ format });
    const { root, usr } = choose('root', null) as PartitionChoice;
    expect([usr, rootHash, root?.verity, root?.signature]).toEqual([null, null, null, null]);
    const content = identify(sectionOf(reader, root!.data.offset, root!.data.size));
    expect(content).toMatchObject({ kind: 'file-system', type: format });
  });

  test.each([
    ['sysext', 'root', 512],
    ['confext', 'root', 4096],
    ['sysext', 'usr', 4096],
  ] as const)('%s with %s, hash tree and signature, sectors of %d bytes', (name, hierarchy, sectorSize) => {
    const key = makeKey(scratch.tree());
    const { reader, table, choose, rootHash } = read({
      class: name,
      hierarchy,
      verity: true,
      key,
      sectorSize,
    });
    expect(table.sectorSize).toBe(sectorSize);
    for (const hash of [null, rootHash]) {
      const choice = choose(hierarchy, hash) as PartitionChoice;
      const { data, verity, signature } = choice[hierarchy]!;
      expect({ data: data.uuid, verity: verity?.uuid }).toEqual(uuidsOfRootHash(rootHash!));
      expect(choice.passedOver).toEqual([]);
      expect(identify(sectionOf(reader, verity!.offset, verity!.size))).toEqual({ kind: 'verity' });
      const text = reader.read(signature!.offset, Number(signature!.size)).toString().replace(/\0+$/, '');
      expect(JSON.parse(text)).toMatchObject({ rootHash });
    }
  });

  test('for another architecture', () => {
    expect(read({ architecture: 'arm64', verity: true }).choose('root', null)).toMatchObject({
      kind: 'no-usable-partition',
      passedOver: [{ reason: { architecture: 'arm64' } }, { reason: { kind: 'other-architecture' } }],
    });
  });

  test('with a label', () => {
    expect(read({ label: 'x_1.2', verity: true }).table.partitions.map(({ label }) => label)).toEqual([
      'x_1.2',
      'x_1.2',
    ]);
  });
});
