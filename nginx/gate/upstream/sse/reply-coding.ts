import { namesOtherCharset } from '../../request/body/other-charset.ts';

// How a reply is encoded, by its headers: clients decode it accordingly, regardless of what they requested.

/** Whether a reply is compressed or otherwise encoded. */
export function isEncoded(): boolean {
  const encoding: unknown = ngx.header['Content-Encoding'];
  if (encoding === undefined) return false;
  // A header that occurs more than once is a table.
  return typeof encoding !== 'string' || (encoding !== '' && encoding.toLowerCase() !== 'identity');
}

/** Whether a reply declares a charset other than UTF-8, which some clients apply (httpx). */
export function isOtherCharset(): boolean {
  const type = ngx.header['Content-Type'];
  return typeof type === 'string' && namesOtherCharset(type);
}
