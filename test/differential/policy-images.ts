import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Designator } from '../../src/images/policy/designator.js';
import type { ImageFacts, PartitionFacts } from '../../src/images/policy/facts.js';
import { bareImage } from '../../src/images/policy/facts.js';
import { ENVIRONMENT, type Oracle } from './programs.js';

/** An image, and what is known of it. */
export interface PolicyImage {
  readonly file: string;
  readonly facts: ImageFacts;
}

/** Partitions in the order in which systemd-repart(8) makes them, with their attributes. */
const LAYOUTS = {
  plain: ['root'],
  verity: ['root', 'root-verity'],
  signed: ['root', 'root-verity', 'root-verity-sig'],
  'signed-usr': ['usr', 'usr-verity', 'usr-verity-sig'],
  more: ['root', 'home', 'swap'],
  encrypted: ['root', 'luks-home'],
} as const;

type Part = (typeof LAYOUTS)[keyof typeof LAYOUTS][number];

/** Makes one image of each kind in a directory: bare, with hash trees beside it, with partitions. */
export function makePolicyImages(directory: string, tool: Oracle['tool']): PolicyImage[] {
  const source = join(directory, 'source');
  mkdirSync(join(source, 'usr/lib'), { recursive: true });
  writeFileSync(join(source, 'usr/lib/file'), 'x');
  run(directory, [
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'key',
    '-out',
    'certificate',
    '-subj',
    '/CN=test',
  ]);
  const bare = ['bare', 'tree', 'signature'].map((name) => join(directory, `${name}.raw`)) as [
    string,
    string,
    string,
  ];
  for (const file of bare)
    run(directory, ['mksquashfs', source, file, '-noappend', '-no-progress', '-quiet']);
  for (const file of bare.slice(1)) addHashTree(directory, file);
  // What a signature is worth is not asked here.
  writeFileSync(bare[2].replace('.raw', '.roothash.p7s'), 'signature');
  return [
    { file: bare[0], facts: bareImage('squashfs') },
    { file: bare[1], facts: bareImage('squashfs', { designator: 'root', hashTree: true, signature: false }) },
    { file: bare[2], facts: bareImage('squashfs', { designator: 'root', hashTree: true, signature: true }) },
    ...Object.entries(LAYOUTS).map(([name, parts]) => makeDiskImage(directory, name, parts, tool)),
  ];
}

function addHashTree(directory: string, file: string): void {
  const stem = file.replace('.raw', '');
  const said = run(directory, ['veritysetup', 'format', file, `${stem}.verity`]);
  writeFileSync(`${stem}.roothash`, /Root hash:\s*(\w+)/.exec(said)![1]!);
}

function makeDiskImage(
  directory: string,
  name: string,
  parts: readonly Part[],
  tool: Oracle['tool'],
): PolicyImage {
  const definitions = join(directory, `${name}.d`);
  mkdirSync(definitions);
  for (const [index, part] of parts.entries())
    writeFileSync(join(definitions, `${index}.conf`), `[Partition]\n${definition(part, parts).join('\n')}\n`);
  const file = join(directory, `${name}.raw`);
  const options = [
    '--offline=yes',
    '--empty=create',
    '--size=auto',
    '--dry-run=no',
    `--definitions=${definitions}`,
  ];
  const keys = ['--private-key=key', '--certificate=certificate', '--key-file=/dev/null'];
  run(directory, [
    ...tool('systemd-repart')!,
    ...options,
    `--copy-source=${join(directory, 'source')}`,
    ...keys,
    file,
  ]);
  return {
    file,
    facts: {
      layout: 'partition-table',
      partitions: parts.map((part) => factsOf(part, parts)),
      sidecar: null,
    },
  };
}

function definition(part: Part, parts: readonly Part[]): string[] {
  const data = part.split('-')[0]!;
  const key = `VerityMatchKey=${data}`;
  if (part.endsWith('-verity')) return [`Type=${part}`, 'Verity=hash', key];
  if (part.endsWith('-verity-sig')) return [`Type=${part}`, 'Verity=signature', key];
  if (part === 'luks-home')
    return ['Type=home', 'Format=ext4', 'Encrypt=key-file', 'SizeMinBytes=24M', 'SizeMaxBytes=24M'];
  if (part === 'home' || part === 'swap')
    return [
      `Type=${part}`,
      `Format=${part === 'home' ? 'ext4' : 'swap'}`,
      'SizeMinBytes=10M',
      'SizeMaxBytes=10M',
    ];
  const copy = part === 'usr' ? 'CopyFiles=/usr:/' : 'CopyFiles=/usr/';
  const verity = (parts as readonly string[]).includes(`${part}-verity`) ? ['Verity=data', key] : [];
  return [`Type=${part}`, 'Format=squashfs', copy, ...verity];
}

/** systemd-repart(8) marks what verity protects read-only, and of the others what can grow. */
function factsOf(part: Part, parts: readonly Part[]): PartitionFacts {
  const isProtected = parts.some((other) => other.endsWith('-verity'));
  return {
    designator: (part === 'luks-home' ? 'home' : part) as Designator,
    fileSystem: part === 'root' || part === 'usr' ? 'squashfs' : null,
    encryption: part === 'luks-home' ? 'luks' : 'none',
    readOnly: isProtected,
    growFileSystem: !isProtected && part !== 'swap',
  };
}

function run(cwd: string, [program = '', ...words]: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: { ...ENVIRONMENT },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program}: ${stderr.trim()}`);
  return stdout;
}
