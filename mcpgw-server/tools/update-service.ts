import { z } from 'zod';
import { cleanPath, servicePath, tags } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';
import { changeAnswer, describeChange, serviceChange, summariseChange } from '../mcp/views.ts';

export const updateService = defineTool({
  name: 'update_service',
  title: 'Change a server',
  description: 'Changes what is given of a registered server; the rest stays. Needs the role operator or admin.',
  input: z.object({
    service_path: servicePath,
    server_name: z.string().min(1).max(200).optional(),
    description: z.string().max(4000).optional(),
    tags: tags.optional(),
    proxy_pass_url: z.string().min(1).max(2000).optional().describe('Replaces all instances by this one.'),
    transport: z.enum(['auto', 'streamable-http', 'sse']).optional(),
    headers: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('Credentials for the server: a value replaces, null removes, others stay.'),
    host_mode: z.enum(['upstream', 'public']).optional(),
    license: z.string().max(100).optional(),
    num_stars: z.int().min(0).optional(),
  }),
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: async (ask, given) => {
    const changes = Object.entries({
      name: given.server_name,
      description: given.description,
      tags: given.tags,
      url: given.proxy_pass_url,
      transport: given.transport,
      headers: given.headers,
      hostMode: given.host_mode,
      license: given.license,
      stars: given.num_stars,
    }).filter(([, value]) => value !== undefined);
    if (changes.length === 0)
      throw new ToolError('nothing to change was given', 'Give at least one field besides service_path.');
    const path = cleanPath(given.service_path);
    const body = Object.fromEntries(changes);
    const change = await ask({ method: 'PATCH', path: ['api', 'servers', path], body, answer: changeAnswer });
    const data = summariseChange(change);
    return { data, text: describeChange(`Changed ${changes.map(([name]) => name).join(', ')} of ${data.name}.`, data) };
  },
});
