import { z } from 'zod';
import { explainForwardHeader } from '../rules/explain-forward-header.ts';

/** Header names that no credential of a server may have: they belong to the connection or are set by the gateway. */
export const FORBIDDEN_HEADERS: readonly string[] = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'origin',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'accept',
  'accept-encoding',
];

/** Cookies are credentials of REST APIs only: for other servers they would replace those of the agent's own session. */
export const isCookie = (name: string): boolean => name.toLowerCase() === 'cookie';
export const COOKIE_REFUSED = 'the header Cookie can only be a credential of a REST API ("openapi")';

export const headerName = z
  .string()
  .min(1)
  .max(64)
  .superRefine((name, context) => {
    if (!/^[A-Za-z0-9!#%&*+.^_|~-]+$/.test(name))
      context.addIssue({
        code: 'custom',
        message: `${JSON.stringify(name)} is not a header name; use letters, digits and "-"`,
      });
    else if (FORBIDDEN_HEADERS.includes(name.toLowerCase()) && !isCookie(name))
      context.addIssue({
        code: 'custom',
        message: `the header ${name} is set by the gateway and cannot be a credential`,
      });
  });

/** A header value: visible ASCII and spaces, no control characters (RFC 9110 §5.5). */
export const headerValue = z
  .string()
  .max(8000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header value may not contain line breaks or control characters');

/** Names of headers of the agent's request that are forwarded to the server; each once, sorted. */
export const forwardHeaders = z
  .array(
    z
      .string()
      .trim()
      .superRefine((name, context) => {
        const message = explainForwardHeader(name);
        if (message !== null) context.addIssue({ code: 'custom', message });
      }),
  )
  .max(32)
  .transform((names) => [...new Map(names.toReversed().map((name) => [name.toLowerCase(), name])).values()].sort());
