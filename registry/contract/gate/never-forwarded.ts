/**
 * Headers that no server's `forwardHeaders` can name, in lower case: the caller's key, what belongs to the connection or to the body (RFC 9110
 * §7.6.1), and what the gateway sends to every server anyway. A plain constant, so that the gate can include it.
 */
export const NEVER_FORWARDED: Readonly<Record<string, true | undefined>> = {
  accept: true,
  'accept-encoding': true,
  authorization: true,
  baggage: true,
  connection: true,
  'content-encoding': true,
  'content-length': true,
  'content-type': true,
  expect: true,
  host: true,
  'http2-settings': true,
  'keep-alive': true,
  'last-event-id': true,
  origin: true,
  'proxy-authenticate': true,
  'proxy-authorization': true,
  'proxy-connection': true,
  te: true,
  traceparent: true,
  tracestate: true,
  trailer: true,
  'transfer-encoding': true,
  upgrade: true,
  'user-agent': true,
  'x-api-key': true,
  'x-request-id': true,
};

/** Prefix of the names that MCP reserves; the gateway forwards those itself, or sets them. */
export const MCP_HEADER = 'mcp-';

/** A header's name as many programs compare it: in lower case, with "_" treated as "-". */
export function foldHeaderName(name: string): string {
  return name.toLowerCase().split('_').join('-');
}

/** Whether a header is never forwarded, regardless of the spelling of its name. */
export function isNeverForwarded(name: string): boolean {
  const folded = foldHeaderName(name);
  return NEVER_FORWARDED[folded] === true || folded.startsWith(MCP_HEADER);
}
