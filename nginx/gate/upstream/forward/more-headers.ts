import { foldHeaderName, isNeverForwarded } from '../../../../registry/contract/gate/never-forwarded.ts';
import type { Call } from '../../decide/judge-caller.ts';
import type { Era } from '../../request/body/era.ts';
import type { ServerRecord } from '../../access/records/index.ts';
import { writeHeader } from './write-header.ts';

// nginx.conf forwards the headers that every request may have. Lines that differ by server or request are appended to the value of one of them.

/** Headers of the modern protocol that are named after arguments of tools. */
const PARAMETER = 'mcp-param-';
/** A reply that the gate reads must not be compressed (RFC 9110 §12.5.3: without the header it may be). */
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

/** Names of the client's headers that are forwarded to the server, in lower case. */
function forwardedNames(server: ServerRecord): Record<string, true> | undefined {
  const { forwardHeaders } = server;
  if (forwardHeaders === undefined) return undefined;
  const before = server.derived.forwarded as Record<string, true> | undefined;
  if (before !== undefined) return before;
  const names: Record<string, true> = {};
  const credentials: Record<string, true> = {};
  for (const name in server.credentials ?? {}) credentials[foldHeaderName(name)] = true;
  for (const header of forwardHeaders) {
    // The registry refuses them too; the check also covers an edited file.
    if (!isNeverForwarded(header) && !credentials[foldHeaderName(header)]) names[header.toLowerCase()] = true;
  }
  server.derived.forwarded = names;
  return names;
}

function writeOne(name: string, value: string | string[]): string {
  if (typeof value === 'string') return writeHeader(name, value) ?? '';
  let lines = '';
  for (const single of value) lines += writeHeader(name, single) ?? '';
  return lines;
}

/** The client's headers that are forwarded in addition to the usual ones. */
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

/** Header lines for the backend in addition to those in nginx.conf; undefined when the server's credentials cannot be written. */
export function writeMoreHeaders(call: Call, era: Era, isFiltered: boolean): string | undefined {
  const { server } = call;
  const own = writeCredentials(server);
  if (own === undefined) return undefined;
  const names = forwardedNames(server);
  const isModern = era === 'modern';
  const forwarded = isModern || names !== undefined ? writeForwarded(names, isModern) : '';
  const encoding = isFiltered ? IDENTITY : '';
  if (!server.passKey) return own + forwarded + encoding;
  return `${own}${forwarded}${encoding}${writeHeader('Authorization', `Bearer ${call.token}`) ?? ''}`;
}
