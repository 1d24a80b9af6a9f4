import { z } from 'zod';
import { accessOutput, listOf, name, pageOf, toPage } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

export const searchCalls = defineTool({
  name: 'search_calls',
  title: 'Search calls',
  description: 'Searches the recorded calls, newest first, paginated. Requires the role operator or admin.',
  input: z.object({
    agent: name,
    service_path: name,
    tool: name,
    verdict: z.enum(['allowed', 'refused']).optional(),
    status: name.describe('404, 5xx or "failed".'),
    request_id: name,
    from: name.describe('ISO 8601.'),
    to: name,
    ...pageOf,
  }),
  fields: { server: 'service_path', requestId: 'request_id' },
  output: accessOutput.omit({ key: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { service_path, request_id, ...rest }) => {
    const query = { ...rest, server: service_path?.replace(/^\/+|\/+$/g, ''), requestId: request_id };
    return toPage(await request({ path: ['api', 'calls'], query, response: listOf }), 'calls');
  },
});
