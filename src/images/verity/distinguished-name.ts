import { parseElement } from './asn1.js';

/** Short names of RFC 4514, section 3, and the one for mail addresses that OpenSSL has. */
const NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/**
 * Writes a name for people, `C=DE, O=Example, CN=Release key`, in its own order. Values are not escaped, and those in
 * encodings of two or four bytes a character not decoded.
 *
 * @param der of a Name, RFC 5280, section 4.1.2.4
 */
export function describeName(der: Buffer): string {
  const parts = (parseElement(der)?.children ?? []).flatMap(({ children }) => children);
  return parts
    .map(({ children: [type, value] }) => {
      const oid = type?.oid ?? '';
      return `${NAMES[oid] ?? oid}=${value?.content.toString('utf8') ?? ''}`;
    })
    .join(', ');
}
