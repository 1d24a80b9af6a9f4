import { callFilter } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { accessOutput, listOf, name, pageOf, toPage } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

export const searchCalls = defineTool({
  name: 'search_calls',
  title: 'Search calls',
  description: 'Searches the recorded calls, newest first, paginated. Requires the role operator.',
  input: z.object({
    agent: name,
    service_path: name,
    tool: name,
    verdict: callFilter.shape.verdict,
    status: name.describe('404, 5xx or "failed".'),
    tool_error: z.boolean().optional(),
    min_ms: z.number().optional(),
    trace: name,
    request_id: name,
    from: name.describe('ISO 8601.'),
    to: name,
    ...pageOf,
  }),
  fields: { server: 'service_path', requestId: 'request_id', toolError: 'tool_error', minMs: 'min_ms' },
  output: accessOutput.omit({ key: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { service_path, request_id, tool_error, min_ms, ...rest }) => {
    const server = service_path?.replace(/^\/+|\/+$/g, '');
    const query = { ...rest, server, requestId: request_id, toolError: tool_error?.toString(), minMs: min_ms };
    return toPage(await request({ path: ['api', 'calls'], query, response: listOf }), 'calls');
  },
});
