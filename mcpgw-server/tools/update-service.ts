import { z } from 'zod';
import { forwardHeaders, parsePath, SERVER_FIELDS, servicePath, tags } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';
import { changeResponse, describeChange, serviceChange, toChange } from '../mcp/outputs.ts';

export const updateService = defineTool({
  name: 'update_service',
  title: 'Update a server',
  description:
    'Updates the given fields of a server; others are unchanged. A URL of another origin deletes the stored headers, unless headers are passed too. Requires the role operator.',
  input: z.object({
    service_path: servicePath,
    server_name: z.string().min(1).max(200).optional(),
    description: z.string().max(4000).optional(),
    tags: tags.optional(),
    proxy_pass_url: z.string().min(1).max(2000).optional().describe('Upstream URL. Replaces all instances.'),
    // The API decides whether these are allowed: only administrators may change what is run.
    command: z.string().optional().describe('Of a program; needs an administrator.'),
    args: z.array(z.string()).optional().describe('Replaces all.'),
    env: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('A value sets one, null removes it, others are unchanged.'),
    confine: z.boolean().optional().describe('No network, read-only files.'),
    transport: z.enum(['auto', 'streamable-http', 'sse']).optional(),
    adapt: z.boolean().optional(),
    headers: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('Credentials: a value sets one, null removes it, others are unchanged.'),
    forward_headers: forwardHeaders.optional(),
    host_mode: z.enum(['upstream', 'public']).optional(),
    license: z.string().max(100).optional(),
    num_stars: z.int().min(0).optional(),
  }),
  fields: { ...SERVER_FIELDS, path: 'service_path' },
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: async (request, input) => {
    const changes = Object.entries({
      name: input.server_name,
      description: input.description,
      tags: input.tags,
      url: input.proxy_pass_url,
      command: input.command,
      args: input.args,
      env: input.env,
      confinement: input.confine === undefined ? undefined : input.confine ? {} : null,
      transport: input.transport,
      adapt: input.adapt,
      headers: input.headers,
      forwardHeaders: input.forward_headers,
      hostMode: input.host_mode,
      license: input.license,
      stars: input.num_stars,
    }).filter(([, value]) => value !== undefined);
    if (changes.length === 0)
      throw new ToolError('no field to update', 'Pass at least one field besides service_path.');
    const path = parsePath(input.service_path);
    const body = Object.fromEntries(changes);
    const change = await request({ method: 'PATCH', path: ['api', 'servers', path], body, response: changeResponse });
    const data = toChange(change);
    return { data, text: describeChange(`Updated ${changes.map(([name]) => name).join(', ')} of ${data.name}.`, data) };
  },
});
