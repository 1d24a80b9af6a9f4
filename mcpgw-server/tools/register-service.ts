import { z } from 'zod';
import { cleanPath, deprecatedLogin, tags } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeAnswer, describeChange, serviceChange, summariseChange } from '../mcp/views.ts';

export const registerService = defineTool({
  name: 'register_service',
  title: 'Register a server',
  description:
    'Registers an MCP server with the gateway, so that agents reach it at <gateway>/<path>/mcp. The URL may be its base address or its endpoint, ' +
    'with or without slash; the gateway looks what is there. A server that is down is registered all the same. Needs the role operator or admin.',
  input: z.object({
    server_name: z.string().min(1).max(200).describe('Name for people.'),
    path: z.string().min(1).max(200).describe('Where it is to be reached, "weather" or "/team/weather".'),
    proxy_pass_url: z.string().min(1).max(2000).describe('Where it runs, for example http://weather:8000.'),
    description: z.string().max(4000).default(''),
    tags: tags.optional(),
    transport: z.enum(['auto', 'streamable-http', 'sse']).default('auto'),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'Credentials that the gateway sends to the server, for example {"Authorization": "Bearer …"}. Stored sealed, never shown again.',
      ),
    host_mode: z
      .enum(['upstream', 'public'])
      .optional()
      .describe('Which Host header the server gets: its own (upstream) or that of the gateway.'),
    enabled: z.boolean().default(true),
    license: z.string().max(100).optional(),
    num_stars: z.int().min(0).optional(),
    num_tools: z.int().optional().describe('Deprecated and ignored: tools are counted.'),
    is_python: z.boolean().optional().describe('Deprecated and ignored.'),
    ...deprecatedLogin,
  }),
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (ask, given) => {
    const change = await ask({
      method: 'POST',
      path: ['api', 'servers'],
      body: {
        path: cleanPath(given.path),
        name: given.server_name,
        url: given.proxy_pass_url,
        description: given.description,
        tags: given.tags ?? [],
        transport: given.transport,
        enabled: given.enabled,
        ...(given.headers !== undefined && { headers: given.headers }),
        ...(given.host_mode !== undefined && { hostMode: given.host_mode }),
        ...(given.license !== undefined && given.license !== 'N/A' && { license: given.license }),
        ...(given.num_stars !== undefined && { stars: given.num_stars }),
      },
      answer: changeAnswer,
    });
    const data = summariseChange(change);
    return { data, text: describeChange(`Registered ${data.name}.`, data) };
  },
});
