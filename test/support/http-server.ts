import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server for this machine alone. What it has for a path may be bytes or a function; for all else it answers 404. */
export class HttpServer {
  readonly files = new Map<string, Buffer | string | Handler>();
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async open(): Promise<HttpServer> {
    const server = new HttpServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    this.asked.push(path);
    const file = this.files.get(path);
    if (typeof file === 'function') return file(request, response);
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file ?? 'not here\n');
  }
}

export const redirect =
  (to: string): Handler =>
  (_, response) => {
    response.writeHead(302, { location: to });
    response.end();
  };
