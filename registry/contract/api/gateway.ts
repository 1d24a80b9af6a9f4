import { z } from 'zod';

/** One of the gateway's own processes and its current state. */
export const processView = z.object({
  name: z.enum(['registry', 'nginx', 'mcpgw-server', 'bridge']),
  state: z
    .enum(['running', 'down', 'off'])
    .describe('down: it does not answer; off: not needed with the effective settings'),
  pid: z.int().nullable(),
  startedAt: z.string().nullable(),
  memoryMb: z.number().nullable(),
  latencyMs: z.number().nullable().describe('response time; null: not measured'),
  detail: z.string().nullable().describe('what is wrong, or what it does'),
});

/** A setting and the value in force. */
export const settingInForce = z.object({
  name: z.string(),
  value: z.string().nullable().describe('null: not set; "(secret)" for values that are never shown'),
  source: z.enum(['default', 'environment', 'file', 'database']).describe('database: changed in the UI or by the API'),
});

/** What is wrong with the gateway itself, for an operator to read. */
export const gatewayProblem = z.object({
  kind: z
    .enum(['process_down', 'not_published', 'not_enforced', 'disk', 'config_file', 'crashed'])
    .describe(
      'a process does not answer · an older configuration is served · a stored change that the gate does not enforce yet · a folder cannot be written or is nearly full · the configuration file is not used · a process or a worker of NGINX died in the last hour',
    ),
  subject: z.string().describe('the process, folder or file that it is about'),
  cause: z.string().describe('what is wrong and what it means, one sentence'),
  remedy: z.string().describe('what to do'),
  since: z.string().describe('when it was first found, ISO 8601'),
});

export const gatewayView = z.object({
  gatewayUrl: z.string(),
  versions: z.object({ mcpgw: z.string(), nginx: z.string().nullable(), node: z.string() }),
  processes: z.array(processView),
  problems: z
    .array(gatewayProblem)
    .describe('worst first; checked every few seconds, and /ws sends gateway.changed when they differ'),
  settings: z.array(settingInForce),
  certificates: z
    .array(z.object({ names: z.array(z.string()).describe('DNS names in it'), expiresAt: z.string() }))
    .describe('TLS certificates of the gateway; empty: it does not serve TLS itself'),
  rollback: z
    .object({
      generation: z.int(),
      reason: z.string().nullable(),
      by: z.string().nullable(),
      at: z.string().nullable(),
    })
    .nullable()
    .describe('an older generation is served until the next change of a server; null: none is'),
});

/** The reason for serving an older generation again. */
export const rollbackInput = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional().describe('stored in the audit log'),
});

export type GatewayProblem = z.infer<typeof gatewayProblem>;
export type ProcessView = z.infer<typeof processView>;
export type EffectiveSetting = z.infer<typeof settingInForce>;
export type GatewayView = z.infer<typeof gatewayView>;
export type RollbackInput = z.infer<typeof rollbackInput>;
