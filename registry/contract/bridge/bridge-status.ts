import { z } from 'zod';

/** Host in the URLs of servers that the bridge serves. It is never resolved: NGINX and the registry reach the bridge at a unix socket. */
export const BRIDGE_HOST = 'bridge.localhost';

/** A process of a program, with all that it started. */
const bridgeProcess = z.object({
  pid: z.int(),
  startedAt: z.string(),
  calls: z.int().describe('calls in progress'),
  memoryMb: z.number().nullable(),
});

/** The response of the bridge to `GET /<server id>/status`. The request starts no process. */
export const bridgeStatus = z.object({
  state: z
    .enum(['idle', 'running', 'degraded', 'failed'])
    .describe(
      'idle: nothing runs, the next call starts it; degraded: some of its tools cannot be used; failed: the last start or process failed',
    ),
  processes: z.array(bridgeProcess),
  sessions: z.int(),
  starts: z.int().describe('how many of its processes were started since the start of the bridge'),
  /** Its own description from the last `initialize`. */
  protocolVersion: z.string().nullable(),
  serverInfo: z.object({ name: z.string(), version: z.string(), title: z.string().optional() }).nullable(),
  capabilities: z.record(z.string(), z.unknown()),
  tools: z.array(z.unknown()).nullable().describe('its last list, unvalidated; null: never listed, or as in ?known='),
  toolsHash: z.string().nullable(),
  /** How long a running process took to answer `ping`; null: none was pinged. */
  latencyMs: z.number().nullable(),
  problem: z.string().nullable(),
  remedy: z.string().nullable(),
});
export type BridgeStatus = z.infer<typeof bridgeStatus>;

/** The response of the bridge to `GET /<server id>/output`: the running processes, and the last lines that they wrote outside the protocol. */
export const bridgeOutput = z.object({
  processes: z.array(bridgeProcess),
  lines: z.array(
    z.object({
      number: z.int().describe('counts up; dropped lines leave a gap'),
      at: z.string(),
      pid: z.int(),
      stream: z
        .enum(['stderr', 'stdout', 'bridge'])
        .describe('stdout: text that is not an MCP message; bridge: what the bridge did'),
      text: z.string(),
    }),
  ),
});
export type BridgeOutput = z.infer<typeof bridgeOutput>;
