/** What is wrong with a backend URL, or null. A query is kept as a secret of the instance; a fragment or a login in it is refused. */
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
  if (/[\u0000-\u0020\u007f;{}"'`\\$|<>^]/.test(written.split('?')[0] ?? ''))
    return 'the URL contains a character that may not stand there (space, control character or one of ; { } " \' ` \\ $ | < > ^); percent-encode it';
  return null;
}
