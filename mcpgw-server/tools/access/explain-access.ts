import { explanation } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { name, text } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';
import { parsePath, servicePath } from '../../mcp/inputs.ts';

export const explainAccess = defineTool({
  name: 'explain_access',
  title: 'Explain access',
  description:
    'Shows whether an agent may use a server, or a tool, resource or prompt of it, and which grant decides. Requires the role viewer.',
  input: z.object({
    agent: z.string().min(1).max(100),
    service_path: servicePath,
    tool: text,
    resource: text,
    prompt: text,
    key_id: name,
    at: name.describe('Another time, ISO 8601.'),
  }),
  fields: { server: 'service_path', key: 'key_id' },
  output: z.looseObject({ allowed: z.boolean(), reason: z.string() }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { service_path, key_id, ...rest }) => {
    const query = { ...rest, server: parsePath(service_path), key: key_id };
    const data = await request({ path: ['api', 'access', 'explain'], query, response: explanation });
    const others = data.refusals.slice(1).map(({ reason, detail }) => `Also ${reason}: ${detail}.`);
    return {
      data,
      text: [`${data.allowed ? 'Allowed' : 'Refused'} (${data.reason}): ${data.detail}.`, ...others].join('\n'),
    };
  },
});
