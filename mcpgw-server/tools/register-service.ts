import { z } from 'zod';
import { parsePath, DEPRECATED_CREDENTIALS, forwardHeaders, SERVER_FIELDS, tags } from '../mcp/inputs.ts';
import { ToolError } from '../tool-error.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeResponse, describeChange, serviceChange, toChange } from '../mcp/outputs.ts';

export const registerService = defineTool({
  name: 'register_service',
  title: 'Register a server',
  description:
    'Registers an MCP server, so that agents reach it at <gateway>/<path>/mcp. It is at a URL (its base or MCP endpoint), ' +
    'or a program or container that the gateway runs. It may be down. Requires the role operator.',
  input: z.object({
    server_name: z.string().min(1).max(200),
    path: z.string().min(1).max(200).describe('As in "weather" or "/team/weather".'),
    proxy_pass_url: z.string().min(1).max(2000).optional().describe('Upstream URL, as in http://weather:8000.'),
    // The API decides whether these are allowed: only administrators may run programs, if the gateway allows it.
    command: z.string().optional().describe('Program to run as a stdio server; needs an administrator.'),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional().describe('Secrets as ${VAR} or ${file:/path}.'),
    confine: z.boolean().optional().describe('No network, read-only files.'),
    docker: z
      .strictObject({ image: z.string().optional(), container: z.string().optional() })
      .optional()
      .describe('In place of command: docker run, or docker exec.'),
    description: z.string().max(4000).default(''),
    tags: tags.optional(),
    transport: z.enum(['auto', 'streamable-http', 'sse']).default('auto'),
    adapt: z.boolean().optional().describe('Offer it in every protocol version.'),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe('Credentials, as in {"Authorization": "Bearer …"}. Stored encrypted.'),
    forward_headers: forwardHeaders.optional(),
    host_mode: z
      .enum(['upstream', 'public'])
      .optional()
      .describe('Host header: of the server (upstream) or the gateway (public).'),
    enabled: z.boolean().default(true),
    license: z.string().max(100).optional(),
    num_stars: z.int().min(0).optional(),
  }),
  ignored: [...DEPRECATED_CREDENTIALS, 'num_tools', 'is_python'],
  fields: SERVER_FIELDS,
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (request, input) => {
    if (input.proxy_pass_url === undefined && input.command === undefined && input.docker === undefined)
      throw new ToolError(
        'proxy_pass_url is missing',
        'Pass the URL of the server, or command (with args and env) or docker for one that the gateway runs.',
      );
    const change = await request({
      method: 'POST',
      path: ['api', 'servers'],
      body: {
        path: parsePath(input.path, 'path'),
        name: input.server_name,
        ...(input.proxy_pass_url !== undefined && { url: input.proxy_pass_url }),
        ...(input.command !== undefined && { command: input.command }),
        ...(input.args !== undefined && { args: input.args }),
        ...(input.env !== undefined && { env: input.env }),
        ...(input.confine !== undefined && { confinement: input.confine ? {} : null }),
        ...(input.docker !== undefined && { docker: input.docker }),
        description: input.description,
        tags: input.tags ?? [],
        transport: input.transport,
        enabled: input.enabled,
        ...(input.adapt !== undefined && { adapt: input.adapt }),
        ...(input.headers !== undefined && { headers: input.headers }),
        ...(input.forward_headers !== undefined && { forwardHeaders: input.forward_headers }),
        ...(input.host_mode !== undefined && { hostMode: input.host_mode }),
        ...(input.license !== undefined && input.license !== 'N/A' && { license: input.license }),
        ...(input.num_stars !== undefined && { stars: input.num_stars }),
      },
      response: changeResponse,
    });
    const data = toChange(change);
    return { data, text: describeChange(`Registered ${data.name}.`, data) };
  },
});
