import { namesOtherCharset } from '../../request/body/other-charset.ts';

// How a reply is coded, by its headers: clients decode it accordingly, whatever they asked for.

/** Whether a reply is compressed, or coded otherwise. */
export function isEncoded(): boolean {
  const encoding: unknown = ngx.header['Content-Encoding'];
  if (encoding === undefined) return false;
  // What comes more than once is a table.
  return typeof encoding !== 'string' || (encoding !== '' && encoding.toLowerCase() !== 'identity');
}

/** Whether a reply is said to be in another charset than UTF-8, which some clients obey (httpx). */
export function isOtherCharset(): boolean {
  const type = ngx.header['Content-Type'];
  return typeof type === 'string' && namesOtherCharset(type);
}
