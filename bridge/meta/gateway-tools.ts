import { z } from 'zod';

const server = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((written) => written.replace(/^\/+|\/+$/g, ''));

/** Inputs of the tools of the meta endpoint. */
export const INPUTS = {
  gateway_list_servers: z.object({}),
  gateway_list_tools: z.object({ server }),
  gateway_search_tools: z.object({
    query: z.string().trim().min(1).max(500),
    limit: z.int().min(1).max(50).default(10),
  }),
  gateway_invoke: z.object({
    server,
    tool: z.string().min(1).max(2_048),
    arguments: z.record(z.string(), z.unknown()).default({}),
  }),
};
export type GatewayTool = keyof typeof INPUTS;

const text = (description?: string) => ({ type: 'string', ...(description !== undefined && { description }) });

/** Their definitions. Keep them short: each word costs tokens for each agent at each turn. */
export const GATEWAY_TOOLS = [
  {
    name: 'gateway_search_tools',
    description:
      'Finds tools on all servers by what they do. Each match has the input schema that gateway_invoke needs.',
    inputSchema: {
      type: 'object',
      properties: { query: text('words of the task'), limit: { type: 'integer', default: 10 } },
      required: ['query'],
    },
    annotations: { readOnlyHint: true },
  },
  {
    name: 'gateway_invoke',
    description: 'Calls a tool of a server.',
    inputSchema: {
      type: 'object',
      properties: {
        server: text(),
        tool: text(),
        arguments: { type: 'object', description: "by the tool's input schema" },
      },
      required: ['server', 'tool'],
    },
  },
  {
    name: 'gateway_list_servers',
    description: 'Lists the servers with their state and number of tools.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
  },
  {
    name: 'gateway_list_tools',
    description: 'Lists the tools of one server with their input schemas.',
    inputSchema: { type: 'object', properties: { server: text() }, required: ['server'] },
    annotations: { readOnlyHint: true },
  },
];
