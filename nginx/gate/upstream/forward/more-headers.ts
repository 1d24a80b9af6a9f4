import { foldHeaderName, isNeverForwarded } from '../../../../registry/contract/gate/never-forwarded.ts';
import type { Call } from '../../decide/judge-caller.ts';
import type { Era } from '../../request/body/era.ts';
import type { ServerRecord } from '../../access/records/index.ts';
import { writeHeader } from './write-header.ts';

// nginx.conf passes the headers that every request may have. What differs by server or request follows the value of one of them.

/** Of the modern protocol, named after arguments of tools. */
const PARAMETER = 'mcp-param-';
/** A reply that is to be read must not be compressed (RFC 9110 §12.5.3: without the header it may be). */
const IDENTITY = '\r\nAccept-Encoding: identity';

/** The server's own credentials as header lines; undefined when they cannot be written. */
function writeCredentials(server: ServerRecord): string | undefined {
  const before = server.derived.credentials as string | undefined;
  if (before !== undefined) return before;
  let lines = '';
  const credentials = server.credentials ?? {};
  for (const name in credentials) {
    const line = writeHeader(name, credentials[name] ?? '');
    if (line === undefined) return undefined;
    lines += line;
  }
  server.derived.credentials = lines;
  return lines;
}

/** Names of headers that the server is given of the client's, in lower case. */
function forwardedNames(server: ServerRecord): Record<string, true> | undefined {
  const { forwardHeaders } = server;
  if (forwardHeaders === undefined) return undefined;
  const before = server.derived.forwarded as Record<string, true> | undefined;
  if (before !== undefined) return before;
  const names: Record<string, true> = {};
  const credentials: Record<string, true> = {};
  for (const name in server.credentials ?? {}) credentials[foldHeaderName(name)] = true;
  for (const header of forwardHeaders) {
    // The registry refuses them too; a file that somebody edited is held to the same.
    if (!isNeverForwarded(header) && !credentials[foldHeaderName(header)]) names[header.toLowerCase()] = true;
  }
  server.derived.forwarded = names;
  return names;
}

function writeOne(name: string, value: string | string[]): string {
  if (typeof value === 'string') return writeHeader(name, value) ?? '';
  let lines = '';
  for (const one of value) lines += writeHeader(name, one) ?? '';
  return lines;
}

/** The client's headers that go on beside the usual ones. */
function writeForwarded(names: Record<string, true> | undefined, isModern: boolean): string {
  let lines = '';
  const headers = ngx.req.get_headers(0, true);
  for (const name in headers) {
    const lower = name.toLowerCase();
    if (names?.[lower] === true || (isModern && lower.startsWith(PARAMETER)))
      lines += writeOne(name, headers[name] ?? '');
  }
  return lines;
}

/** Header lines for the backend beside those that nginx.conf names; undefined when the server's credentials cannot be written. */
export function writeMoreHeaders(call: Call, era: Era, isFiltered: boolean): string | undefined {
  const { server } = call;
  const own = writeCredentials(server);
  if (own === undefined) return undefined;
  const names = forwardedNames(server);
  const isModern = era === 'modern';
  const given = isModern || names !== undefined ? writeForwarded(names, isModern) : '';
  const plain = isFiltered ? IDENTITY : '';
  if (!server.passKey) return own + given + plain;
  return `${own}${given}${plain}${writeHeader('Authorization', `Bearer ${call.token}`) ?? ''}`;
}
