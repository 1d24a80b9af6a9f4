/** Allowed schemes of the URL of a server. */
const HTTP = ['http', 'https'];
const WEBSOCKET = ['ws', 'wss'];

/** Whether a URL is that of a WebSocket server. */
export const isWebSocketUrl = (url: string): boolean => /^\s*wss?:/i.test(url);

/** What is wrong with a URL of a server that speaks HTTP, or null. A query is stored as a secret of the instance; a fragment or credentials in it are rejected. */
export const explainHttpUrl = (written: string): string | null => explainUrl(written, HTTP);

/** The same for every URL of a server, which may be at a WebSocket. */
export const explainInstanceUrl = (written: string): string | null => explainUrl(written, [...HTTP, ...WEBSOCKET]);

function explainUrl(written: string, schemes: readonly string[]): string | null {
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return 'this is not a URL; give one like "http://weather:8000" or "https://mcp.example.com/mcp"';
  }
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme))
    return `the scheme "${scheme}" cannot be routed; use ${schemes.join(', ').replace(/, ([a-z]+)$/, ' or $1')}`;
  if (url.username !== '' || url.password !== '')
    return 'a user name or password does not belong in the URL; put it into "headers", for example Authorization';
  if (url.hash !== '') return 'a fragment ("#…") never reaches a server; remove it';
  if (url.hostname === '') return 'the URL names no host';
  if (url.port === '0') return 'nothing listens on port 0; give the port of the server';
  const [place = '', ...query] = written.split('?');
  if (/[\u0000-\u0020\u007f]|\p{Surrogate}/u.test(query.join('?')))
    return 'the query of the URL contains a space, a line break or a control character, which would end the request there; percent-encode it (a space is "%20")';
  if (/[\u0000-\u0020\u007f;{}"'`\\$|<>^]/.test(place))
    return 'the URL contains a character that is not allowed there (space, control character or one of ; { } " \' ` \\ $ | < > ^); percent-encode it';
  return null;
}
