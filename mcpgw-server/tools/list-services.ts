import { serverStatus } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { page } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { describeService, listResponse, serviceSummary, toSummary } from '../mcp/outputs.ts';

export const listServices = defineTool({
  name: 'list_services',
  title: 'List servers',
  description: 'Lists the servers, optionally filtered, paginated. Requires the role viewer.',
  input: z.object({
    status: serverStatus.optional(),
    tag: z.string().max(40).optional(),
    query: z.string().max(200).optional().describe('Search terms; all must occur in path, name, description or tags.'),
    ...page,
  }),
  output: z.object({ services: z.array(serviceSummary), next_cursor: z.string().optional() }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { status, tag, query, limit, cursor }) => {
    const { items, nextCursor } = await request({
      path: ['api', 'servers'],
      query: { status, tag, q: query, limit, cursor },
      response: listResponse,
    });
    const services = items.map(toSummary);
    const more = nextCursor === undefined ? '' : '\nMore servers are available: call again with next_cursor as cursor.';
    return {
      data: { services, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text: services.length === 0 ? 'No matching servers.' : services.map(describeService).join('\n') + more,
    };
  },
});
