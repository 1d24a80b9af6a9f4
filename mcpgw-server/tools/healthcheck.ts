import { serverStatus } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';

const healthAnswer = z.object({
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
  title: 'State of the gateway',
  description: 'Says how the gateway and each server are, as last checked. Needs the role viewer, operator or admin.',
  input: z.object({}),
  output: z.object({
    gateway: z.enum(['healthy', 'degraded']),
    error: z.string().nullable(),
    counts: z.record(z.string(), z.int()).describe('How many servers have each status.'),
    servers: z.record(
      z.string(),
      z.object({ status: serverStatus, num_tools: z.int(), last_checked_iso: z.string().nullable() }),
    ),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask) => {
    const { status, error = null, servers } = await ask({ path: ['health'], answer: healthAnswer, alsoAnswers: [503] });
    // To callers without a role the registry names no server: that is no gateway without servers.
    if (servers === undefined)
      throw new ToolError(
        'your key has no role, so it may not see the servers',
        'An admin can give its agent one (viewer, operator, admin).',
        'forbidden',
      );
    const entries = Object.entries(servers);
    const counts: Record<string, number> = {};
    for (const [, server] of entries) counts[server.status] = (counts[server.status] ?? 0) + 1;
    const sum = Object.entries(counts).map(([word, count]) => `${count} ${word}`);
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
