import { DownloadError, request, withoutPassword } from './request.js';
import { withRetries } from './retries.js';

/**
 * Downloads a small text file.
 *
 * @param limit in bytes
 * @returns `null` where the server has none
 * @throws DownloadError
 */
export async function downloadText(url: URL, limit: number): Promise<string | null> {
  return (await downloadSmall(url, limit))?.toString('utf8') ?? null;
}

/** The same for a file that is no text. */
export function downloadSmall(url: URL, limit: number): Promise<Buffer | null> {
  return withRetries(() => downloadOnce(url, limit));
}

async function downloadOnce(url: URL, limit: number): Promise<Buffer | null> {
  const fail = (problem: DownloadError['problem']) => new DownloadError(withoutPassword(url), problem);
  const answer = await request(url);
  try {
    const { status } = answer.response;
    if (status === 404 || status === 410) return null;
    if (status !== 200) throw fail({ kind: 'status', status });
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.pieces()) {
      size += piece.length;
      if (size > limit) throw fail({ kind: 'too-large', limit, size: null });
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    answer.cancel();
  }
}
