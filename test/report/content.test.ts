import type { Content } from '../../src/images/content.js';
import { describeUnusable, describeUnusableIn } from '../../src/report/content.js';
import { DANGEROUS, makeHostile } from './hostile.js';

const CASES = {
  empty: [{ kind: 'empty' }, 'empty'],
  'too-short': [{ kind: 'too-short', size: 5n }, '5 bytes'],
  zeros: [{ kind: 'zeros' }, 'zeros'],
  truncated: [{ kind: 'truncated', type: 'ext4', size: 4096n, available: 100n }, 'ext4', '4096', '100'],
  damaged: [
    { kind: 'damaged', type: 'xfs', field: 'sb_crc', found: '0x1', wanted: '0x2' },
    'xfs',
    'sb_crc is 0x1, not 0x2',
  ],
  ambiguous: [{ kind: 'ambiguous', types: ['ext4', 'btrfs'] }, 'ext4, btrfs', 'wipefs(8)'],
  gpt: [{ kind: 'gpt', sectorSize: 4096 }, 'GPT', '4096'],
  mbr: [{ kind: 'mbr' }, 'MBR'],
  luks: [{ kind: 'luks', version: 2 }, 'LUKS2'],
  verity: [{ kind: 'verity' }, 'dm-verity'],
  archive: [{ kind: 'archive', format: 'tar' }, 'archive (tar)', 'unpack'],
  'virtual-disk': [{ kind: 'virtual-disk', format: 'qcow2' }, 'qcow2', 'qemu-img'],
  elf: [{ kind: 'elf' }, 'ELF'],
  iso9660: [{ kind: 'iso9660' }, 'ISO 9660'],
  swap: [{ kind: 'swap' }, 'swap'],
  text: [{ kind: 'text' }, 'text file'],
  unknown: [{ kind: 'unknown', start: '0011223344556677' }, '0011223344556677', 'squashfs'],
  'file-system': [
    { kind: 'file-system', type: 'vfat', uuid: null, label: null, size: null },
    'vfat',
    'not case-sensitive',
  ],
} as const satisfies {
  readonly [Kind in Content['kind']]: readonly [Extract<Content, { kind: Kind }>, ...string[]];
};

test.each(Object.entries(CASES))('%s', (_, [content, ...says]) => {
  const { problem, remedy } = describeUnusable(content);
  for (const words of says) expect(`${problem}; ${remedy}`).toContain(words);
  // Both become a part of a sentence.
  for (const part of [problem, remedy]) expect(part).toMatch(/^[a-z].*[^.]$/);
  expect(problem + remedy).not.toMatch(/undefined|null|\[object/);
});

test.each(Object.entries(CASES))('%s is harmless on a terminal', (_, [content]) => {
  // Types and formats are words of ours.
  const hostile = makeHostile<Content>(content, ['kind', 'type', 'types', 'format', 'start']);
  const { problem, remedy } = describeUnusable(hostile);
  expect(problem + remedy).not.toMatch(DANGEROUS);
});

test('what is in a partition is not told as if it were a file', () => {
  const { problem, remedy } = describeUnusableIn('partition 2', { kind: 'text' });
  expect(problem).toBe('what is in partition 2 cannot be used: it is a text file');
  expect(remedy).toMatch(/^make the image anew, .* in partition 2$/);
});
