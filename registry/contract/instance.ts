import { z } from 'zod';

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
  if (/[\u0000-\u0020\u007f;{}"'`\\$|<>^]/.test(written.split('?')[0] ?? ''))
    return 'the URL contains a character that may not stand there (space, control character or one of ; { } " \' ` \\ $ | < > ^); percent-encode it';
  return null;
}

/** The URL of one instance, as registered: base URL, with or without slash, or the endpoint itself. */
export const instanceUrl = z
  .string()
  .trim()
  .max(2000)
  .superRefine((written, context) => {
    const message = explainInstanceUrl(written);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const instanceInput = z.strictObject({
  url: instanceUrl,
  weight: z.int().min(1).max(100).default(1),
  enabled: z.boolean().default(true),
});

/** Where the probe found the MCP endpoints of one instance. Absolute URLs without query; null = it has none. */
export const instanceEndpoints = z.object({
  mcp: z.string().nullable(),
  sse: z.string().nullable(),
  /** Path of the legacy message endpoint as learnt from the `endpoint` event (root-absolute, without query). */
  message: z.string().nullable(),
  /** How the backend wrote its endpoint event: needed to rewrite it (DESIGN §6, legacy SSE). */
  messageForm: z.enum(['root', 'absolute', 'relative']).nullable(),
  /** The `data:` value up to the query, as the backend wrote it. */
  messageWritten: z.string().nullable(),
});

export const instanceView = z.object({
  id: z.string(),
  url: z.string(),
  weight: z.int(),
  enabled: z.boolean(),
  up: z.boolean(),
  endpoints: instanceEndpoints.nullable(),
});

export type InstanceInput = z.infer<typeof instanceInput>;
export type InstanceEndpoints = z.infer<typeof instanceEndpoints>;
export type InstanceView = z.infer<typeof instanceView>;
