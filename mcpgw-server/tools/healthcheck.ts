import { serverStatus } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';

const healthResponse = z.object({
  status: z.enum(['healthy', 'degraded']),
  error: z.string().optional(),
  servers: z
    .record(
      z.string(),
      z.object({ status: serverStatus, tools_cached: z.int(), last_checked_iso: z.string().nullable() }),
    )
    .optional(),
});

export const healthcheck = defineTool({
  name: 'healthcheck',
  title: 'Gateway health',
  description: 'Returns the health of the gateway and of each server at the last check. Requires the role viewer.',
  input: z.object({}),
  output: z.object({
    gateway: z.enum(['healthy', 'degraded']),
    error: z.string().nullable(),
    counts: z.record(z.string(), z.int()).describe('Number of servers per status.'),
    servers: z.record(
      z.string(),
      z.object({ status: z.string(), num_tools: z.int(), last_checked_iso: z.string().nullable() }),
    ),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request) => {
    const {
      status,
      error = null,
      servers,
    } = await request({ path: ['health'], response: healthResponse, acceptStatuses: [503] });
    // The registry omits the servers for callers without a role.
    if (servers === undefined)
      throw new ToolError(
        'your key has no role, so it cannot read the servers',
        'An admin can give its agent a role (viewer, operator, admin).',
        'forbidden',
      );
    const entries = Object.entries(servers);
    const counts: Record<string, number> = {};
    for (const [, server] of entries) counts[server.status] = (counts[server.status] ?? 0) + 1;
    const sum = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    const attention = entries.filter(([, server]) => !['healthy', 'disabled'].includes(server.status));
    return {
      data: {
        gateway: status,
        error,
        counts,
        servers: Object.fromEntries(
          entries.map(([path, server]) => [
            `/${path}`,
            { status: server.status, num_tools: server.tools_cached, last_checked_iso: server.last_checked_iso },
          ]),
        ),
      },
      text: [
        `The gateway is ${status}${error === null ? '' : `: ${error}`}. ${entries.length} servers${sum.length === 0 ? '' : `: ${sum.join(', ')}`}.`,
        ...attention.map(([path, server]) => `/${path}: ${server.status}`),
      ].join('\n'),
    };
  },
});
