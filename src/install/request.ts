/** Why something could not be downloaded. Sizes are in bytes. */
export type DownloadProblem =
  | { readonly kind: 'no-url' }
  | { readonly kind: 'protocol'; readonly protocol: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirects'; readonly limit: number }
  /** A redirection leads from https to http, where anybody on the way can put something else in its place. */
  | { readonly kind: 'downgrade'; readonly to: string }
  /** `size`: what the server says it has, `null` if it sent more than the limit without saying so. */
  | { readonly kind: 'too-large'; readonly limit: number; readonly size: number | null }
  | { readonly kind: 'no-room'; readonly needed: number; readonly available: number }
  | { readonly kind: 'truncated'; readonly received: number; readonly wanted: number }
  | { readonly kind: 'stalled'; readonly seconds: number }
  | { readonly kind: 'connection'; readonly cause: unknown };

export class DownloadError extends Error {
  /** @param url without a password */
  constructor(
    readonly url: string,
    readonly problem: DownloadProblem,
  ) {
    super(`download of ${url}: ${problem.kind}`);
  }
}

/** What a server has answered. */
export interface Answer {
  readonly response: Response;
  /** Where it was found, after redirections. */
  readonly url: URL;
  /** What comes, piece by piece. @throws DownloadError when the connection ends or nothing comes for too long */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Lets go of the connection. */
  cancel(): void;
}

/** As many redirections as curl(1) follows when it is told to follow them without end are fifty; nobody needs ten. */
const MOST_REDIRECTIONS = 10;

/** Without a byte for so long, in seconds, a connection is taken for dead. */
const PATIENCE = 60;

const REDIRECTIONS: readonly number[] = [301, 302, 303, 307, 308];

/** Takes text for the address of a file. @throws DownloadError for what is no address, or not of http and https */
export function parseAddress(text: string): URL {
  if (!URL.canParse(text)) throw new DownloadError(text, { kind: 'no-url' });
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DownloadError(text, { kind: 'protocol', protocol: url.protocol.slice(0, -1) });
  return url;
}

/** An address as it may be shown and written down. */
export function withoutPassword(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

/**
 * Asks a server for a file, and follows its redirections.
 *
 * @param headers such as `Range`
 * @param patience in seconds
 * @returns whatever its status is; the body has still to be read
 * @throws DownloadError
 */
export async function request(
  start: URL,
  headers: Readonly<Record<string, string>> = {},
  patience: number = PATIENCE,
): Promise<Answer> {
  let url = start;
  for (let count = 0; count <= MOST_REDIRECTIONS; count++) {
    const answer = await requestOnce(url, { ...headers, ...authorization(url, start) }, patience);
    const location = answer.response.headers.get('location');
    if (!REDIRECTIONS.includes(answer.response.status) || location === null) return answer;
    answer.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url) : parseAddress(location);
    parseAddress(next.href);
    if (url.protocol === 'https:' && next.protocol === 'http:')
      throw new DownloadError(withoutPassword(start), { kind: 'downgrade', to: withoutPassword(next) });
    url = next;
  }
  throw new DownloadError(withoutPassword(start), { kind: 'redirects', limit: MOST_REDIRECTIONS });
}

/** fetch() takes no password in an address; it is for the server that it was given for, and no other. */
function authorization(url: URL, start: URL): Record<string, string> {
  if (url.origin !== start.origin || (start.username === '' && start.password === '')) return {};
  const words = [start.username, start.password].map(decodeURIComponent).join(':');
  return { Authorization: `Basic ${Buffer.from(words).toString('base64')}` };
}

async function requestOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  patience: number,
): Promise<Answer> {
  const abort = new AbortController();
  let isStalled = false;
  const stall = () => {
    isStalled = true;
    abort.abort();
  };
  let timer = setTimeout(stall, patience * 1000);
  const describe = (cause: unknown) =>
    new DownloadError(
      withoutPassword(url),
      isStalled ? { kind: 'stalled', seconds: patience } : { kind: 'connection', cause },
    );
  const cancel = () => {
    clearTimeout(timer);
    abort.abort();
  };
  try {
    // What is compressed on the way would be unpacked here, and its length and checksum be others.
    const all = { 'Accept-Encoding': 'identity', 'User-Agent': 'sysext', ...headers };
    const response = await fetch(withoutPassword(url), {
      headers: all,
      redirect: 'manual',
      signal: abort.signal,
    });
    return { response, url, cancel, pieces };
    async function* pieces(): AsyncGenerator<Uint8Array> {
      const reader = response.body?.getReader();
      try {
        while (reader !== undefined) {
          clearTimeout(timer);
          timer = setTimeout(stall, patience * 1000);
          const { done, value } = await reader.read();
          if (done) return;
          yield value;
        }
      } catch (cause) {
        throw describe(cause);
      } finally {
        cancel();
      }
    }
  } catch (cause) {
    cancel();
    throw describe(cause);
  }
}
