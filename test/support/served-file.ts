import type { IncomingHttpHeaders } from 'node:http';
import type { Handler } from './http-server.js';

/** In milliseconds. */
const PAUSE = 50;

/** A file that a server sends from any byte on, as RFC 9110 has it, unless it is told to do otherwise. */
export class ServedFile {
  etag: string | null = null;
  modified: Date | null = null;
  knowsRanges = true;
  /** It sends the rest whatever the condition says. */
  honoursConditions = true;
  saysLength = true;
  /** After how many bytes it breaks off, once for each. */
  breaks: number[] = [];
  /** What it was asked with. */
  readonly heard: IncomingHttpHeaders[] = [];

  constructor(public content: Buffer) {}

  /** The ranges that it was asked for. */
  get ranges(): (string | undefined)[] {
    return this.heard.map(({ range }) => range);
  }

  readonly handler: Handler = ({ headers }, response) => {
    this.heard.push(headers);
    const { length } = this.content;
    const start = this.#startOf(headers);
    if (this.etag !== null) response.setHeader('ETag', this.etag);
    if (this.modified !== null) response.setHeader('Last-Modified', this.modified.toUTCString());
    if (start !== null && start >= length)
      return response.writeHead(416, { 'Content-Range': `bytes */${length}` }).end();
    if (start !== null)
      response.writeHead(206, { 'Content-Range': `bytes ${start}-${length - 1}/${length}` });
    const piece = this.content.subarray(start ?? 0);
    // Else Node says it by itself where it can.
    if (!this.saysLength) response.flushHeaders();
    else if (start === null) response.setHeader('Content-Length', length);
    const end = this.breaks.shift();
    if (end === undefined) return response.end(piece);
    // Who hears of the end at once may throw away what came before it.
    return response.write(piece.subarray(0, end), () => setTimeout(() => response.destroy(), PAUSE));
  };

  #startOf(headers: IncomingHttpHeaders): number | null {
    const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
    const condition = headers['if-range'];
    const isMet =
      condition === undefined ||
      !this.honoursConditions ||
      condition === this.etag ||
      condition === this.modified?.toUTCString();
    return start !== undefined && this.knowsRanges && isMet ? Number(start) : null;
  }
}
