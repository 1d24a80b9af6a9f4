import { z } from 'zod';

/** One line of `calls.log`, written by NGINX when a request ends (DESIGN §6.7). */
export const callLogLine = z.object({
  time: z.number().describe('epoch seconds with milliseconds, when the request ended'),
  id: z.string().describe('request id'),
  trace: z.string().nullable().describe('trace id of a traceparent header'),
  agent: z.string().nullable(),
  server: z.string().nullable().describe('path'),
  instance: z.string().nullable(),
  era: z.enum(['legacy', 'modern']).nullable(),
  http: z.string().describe('HTTP method'),
  methods: z.array(z.string()).describe('JSON-RPC methods of the body'),
  tools: z.array(z.string()).describe('names in tools/call'),
  status: z.int(),
  bytesIn: z.int(),
  bytesOut: z.int(),
  durationMs: z.number(),
  upstreamMs: z.number().nullable(),
  verdict: z.enum(['allowed', 'refused']),
  reason: z.string().nullable(),
  address: z.string(),
});
export type CallLogLine = z.infer<typeof callLogLine>;
