import { z } from 'zod';

/** One request that reached the gateway, from its line in calls.log. */
export const callView = z.object({
  id: z.int().describe('number of the stored call; larger ones were read later'),
  at: z.string().describe('when the request ended, ISO 8601'),
  requestId: z.string(),
  trace: z.string().nullable().describe('trace id of a traceparent header (W3C Trace Context)'),
  http: z.string().describe('HTTP method'),
  agent: z.string().nullable(),
  key: z.string().nullable().describe('id of the key that was sent'),
  server: z.string().nullable().describe('path of the server; null when the URL matches none'),
  instance: z.string().nullable(),
  era: z.enum(['legacy', 'modern']).nullable(),
  methods: z.array(z.string()).describe('JSON-RPC methods of the body'),
  tools: z.array(z.string()).describe('names in tools/call'),
  prompts: z.array(z.string()).describe('names in prompts/get'),
  resources: z.array(z.string()).describe('URIs of resources, without what follows "?"'),
  status: z.int(),
  verdict: z.enum(['allowed', 'refused', 'limited']),
  reason: z.string().nullable().describe('why the gate refused it'),
  toolError: z
    .boolean()
    .nullable()
    .describe('isError of the result; null: not recorded, see /api/servers/{path}/recording'),
  arguments: z.string().nullable().describe('redacted; only if enabled for the server'),
  result: z.string().nullable().describe('redacted; only if enabled for the server'),
  bytesIn: z.int(),
  bytesOut: z.int(),
  durationMs: z.number(),
  upstreamMs: z.number().nullable(),
  address: z.string().describe('address of the client'),
});

const hex32 = z.string().regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits, lower case');

/** Selects calls: all conditions must match. */
export const callFilter = z.object({
  agent: z.string().max(200).optional(),
  server: z.string().max(200).optional().describe('path of the server'),
  tool: z.string().max(200).optional().describe('name in a tools/call'),
  verdict: callView.shape.verdict.optional(),
  status: z
    .string()
    .regex(/^([1-5]\d\d|[1-5]xx|failed)$/, 'a status (404), a class (5xx) or "failed" (400 and above)')
    .optional(),
  toolError: z.enum(['true', 'false']).optional().describe('isError of the result'),
  minMs: z.coerce.number().min(0).optional().describe('minimum duration in milliseconds'),
  trace: hex32.optional(),
  requestId: hex32.optional(),
});

export const callSpan = z.object({
  from: z.iso.datetime({ offset: true }).optional().describe('ended at this time or later'),
  to: z.iso.datetime({ offset: true }).optional().describe('ended before this time'),
});

export type CallView = z.infer<typeof callView>;
export type CallFilter = z.infer<typeof callFilter>;
