/** What is wrong with a backend URL, or null. A query is stored as a secret of the instance; a fragment or credentials in it are rejected. */
export function explainInstanceUrl(written: string): string | null {
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return 'this is not a URL; give one like "http://weather:8000" or "https://mcp.example.com/mcp"';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `the scheme "${url.protocol.slice(0, -1)}" cannot be routed; use http or https`;
  if (url.username !== '' || url.password !== '')
    return 'a user name or password does not belong in the URL; put it into "headers", for example Authorization';
  if (url.hash !== '') return 'a fragment ("#…") never reaches a server; remove it';
  if (url.hostname === '') return 'the URL names no host';
  if (url.port === '0') return 'nothing listens on port 0; give the port of the server';
  const [place = '', ...query] = written.split('?');
  if (/[\u0000-\u0020\u007f]|\p{Surrogate}/u.test(query.join('?')))
    return 'the query of the URL contains a space, a line break or a control character, which would end the request there; percent-encode it (a space is "%20")';
  if (/[\u0000-\u0020\u007f;{}"'`\\$|<>^]/.test(place))
    return 'the URL contains a character that may not stand there (space, control character or one of ; { } " \' ` \\ $ | < > ^); percent-encode it';
  return null;
}
