import { z } from 'zod';
import { instanceEndpoints, instanceUrl, type InstanceEndpoints } from './instance.ts';
import { COOKIE_REFUSED, headerName, headerValue, isCookie } from './headers.ts';
import { era, hostMode, type Era } from './server.ts';
import { transport } from './transport.ts';
import { serverTlsInput } from './server-tls.ts';
import { healthStatus } from './status.ts';
import { malformedTool, tool } from '../tools/tool.ts';

/** The body of `POST /api/probe`: a URL to probe before anything is saved. */
export const probeInput = z.strictObject({
  url: instanceUrl,
  headers: z
    .record(headerName, headerValue)
    .refine((headers) => !Object.keys(headers).some(isCookie), COOKIE_REFUSED)
    .default({}),
  hostMode: hostMode.default('upstream'),
  transport: transport.default('auto'),
  tls: serverTlsInput.optional(),
});

/** What a probe found. `problem` and `remedy` are texts for an operator; they never contain a secret. */
export const probeResult = z.object({
  health: healthStatus,
  transport: z.enum(['streamable-http', 'sse', 'websocket']).nullable(),
  endpoints: instanceEndpoints.nullable().describe('also null for a WebSocket server, which the bridge serves'),
  era: era.nullable(),
  protocolVersion: z.string().nullable(),
  serverInfo: z.object({ name: z.string(), version: z.string(), title: z.string().optional() }).nullable(),
  capabilities: z.array(z.string()),
  tools: z.array(tool),
  malformed: z.array(malformedTool).describe('tools with an invalid definition; the others are in `tools`'),
  listing: z.enum(['all', 'some', 'none']).describe('how much of its list of tools was received; some: a page failed'),
  latencyMs: z.number().nullable(),
  certificateExpiresAt: z.string().nullable().describe('of its TLS certificate; null: not seen, or no https'),
  problem: z.string().nullable(),
  remedy: z.string().nullable(),
});

export type ProbeInput = z.infer<typeof probeInput>;
/** One instance to probe; `url` is without query. */
export interface ProbeTarget extends ProbeInput {
  /** What follows "?", or "". Secret. */
  query: string;
  /** Endpoints that were found before: tried first. */
  known?: InstanceEndpoints | null;
  /** The era that it had before: tried first. */
  era?: Era | null;
}
export type ProbeResult = z.infer<typeof probeResult>;
/** What a probe of one instance found. */
export interface InstanceProbe {
  instanceId: string;
  result: ProbeResult;
}
/** What one instance lists. */
export type ListedTools = Pick<ProbeResult, 'tools' | 'malformed'>;
