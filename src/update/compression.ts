import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandMissingError } from '../host/process.js';
import { errorCode } from '../host/root.js';

/** How a file is compressed, by its first bytes: its name may say anything. */
const FORMATS = [
  { program: 'gzip', magic: [0x1f, 0x8b] },
  { program: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { program: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { program: 'bzip2', magic: [0x42, 0x5a, 0x68] },
] as const;

export type Compression = (typeof FORMATS)[number]['program'];

/** A file is larger than it may be: as it comes, or unpacked. */
export class TooLargeError extends Error {
  /** @param limit in bytes */
  constructor(readonly limit: number) {
    super(`larger than ${limit} bytes`);
  }
}

/** A compressed file is damaged. */
export class DamagedError extends Error {
  constructor(
    readonly program: Compression,
    /** What the program said. */
    readonly text: string,
  ) {
    super(`${program}: ${text}`);
  }
}

/** @param descriptor of a file that can be read at any place */
export function compressionOf(descriptor: number): Compression | null {
  const start = Buffer.alloc(6);
  readSync(descriptor, start, 0, start.length, 0);
  return FORMATS.find(({ magic }) => magic.every((byte, index) => start[index] === byte))?.program ?? null;
}

/**
 * Unpacks a file, by the program for it; what it may need in memory is bounded by xz(1) and zstd(1) themselves.
 *
 * @param input descriptor that stands at the beginning of the file
 * @param output path of a file that is there
 * @param limit of what comes out, in bytes
 * @throws CommandMissingError, DamagedError, TooLargeError, the errors of write(2)
 */
export async function decompress(
  program: Compression,
  input: number,
  output: string,
  limit: number,
): Promise<void> {
  const child = spawn(program, ['-d', '-c'], {
    stdio: [input, 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', XZ_DEFAULTS: '--memlimit-decompress=1GiB' },
  });
  const said: Buffer[] = [];
  child.stderr!.on('data', (piece: Buffer) => said.push(piece));
  const ended = once(child, 'close') as Promise<[number | null]>;
  ended.catch(() => {});
  try {
    await pipeline(child.stdout!, limited(limit), createWriteStream(output, { flags: 'r+' }));
  } catch (error) {
    child.kill('SIGKILL');
    await ended.catch(() => {});
    throw error;
  }
  const [status] = await ended.catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') throw new CommandMissingError(program, { cause });
    throw cause;
  });
  if (status !== 0)
    throw new DamagedError(program, Buffer.concat(said).toString().trim().split('\n', 1)[0] ?? '');
}

/** Lets no more bytes through than a limit. */
export function limited(limit: number): Transform {
  let length = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      length += piece.length;
      done(length > limit ? new TooLargeError(limit) : null, piece);
    },
  });
}
