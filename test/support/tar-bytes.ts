/** An entry of a tar archive, as wrong as a test wants it. */
export interface Header {
  readonly path: string;
  /** A file if it is not given. */
  readonly type?: keyof typeof TYPES;
  readonly content?: string | Buffer;
  readonly target?: string;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly time?: number;
}

/** typeflag of pax(1), "ustar Interchange Format"; `longName` is of GNU, the name of the next entry. */
const TYPES = {
  file: '0',
  link: '1',
  symlink: '2',
  character: '3',
  directory: '5',
  fifo: '6',
  pax: 'x',
  paxForAll: 'g',
  longName: 'L',
} as const;

const BLOCK = 512;

/** A tar archive with these entries. */
export function tarBytes(entries: readonly Header[]): Buffer {
  return Buffer.concat([...entries.flatMap(encode), Buffer.alloc(2 * BLOCK)]);
}

function encode({ path, type = 'file', content = '', target = '', mode, time = 0 }: Header): Buffer[] {
  const data = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  const number = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(path, 0, 100, 'utf8');
  number(mode ?? (type === 'directory' ? 0o755 : 0o644), 100, 8);
  number(1234, 108, 8);
  number(1234, 116, 8);
  number(data.length, 124, 12);
  number(time, 136, 12);
  header.write(TYPES[type], 156, 'latin1');
  header.write(target, 157, 100, 'utf8');
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];
}
