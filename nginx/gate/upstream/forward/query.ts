/** What the WHATWG URL standard percent-encodes in the query of an http URL, besides non-ASCII (url.spec.whatwg.org, "special-query"). */
const ENCODED = '"#\'<>';
const HEX = '0123456789ABCDEF';

function encode(byte: number): string {
  return `%${HEX.charAt(Math.floor(byte / 16))}${HEX.charAt(byte % 16)}`;
}

/**
 * The query of an instance as it is sent: bytes encoded as in the WHATWG URL standard. Undefined if it has a control character or a space, which
 * would end the request line.
 */
export function encodeQuery(query: string): string | undefined {
  let encoded = '';
  for (let i = 0; i < query.length; i += 1) {
    const byte = query.charCodeAt(i);
    if (byte <= 0x20 || byte === 0x7f) return undefined;
    const character = query.charAt(i);
    encoded += byte > 0x7f || ENCODED.includes(character) ? encode(byte) : character;
  }
  return encoded;
}
