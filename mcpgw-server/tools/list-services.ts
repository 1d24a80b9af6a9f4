import { serverStatus } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { page } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { describeService, listAnswer, serviceSummary, summarise } from '../mcp/views.ts';

export const listServices = defineTool({
  name: 'list_services',
  title: 'List servers',
  description:
    'Lists the registered servers, page by page, all or those that fit. Needs the role viewer, operator or admin.',
  input: z.object({
    status: serverStatus.optional().describe('Only those with this status.'),
    tag: z.string().max(40).optional().describe('Only those with this tag.'),
    query: z.string().max(200).optional().describe('Words that all occur in path, name, description or tags.'),
    ...page,
  }),
  output: z.object({ services: z.array(serviceSummary), next_cursor: z.string().optional() }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { status, tag, query, limit, cursor }) => {
    const { items, nextCursor } = await ask({
      path: ['api', 'servers'],
      query: { status, tag, q: query, limit, cursor },
      answer: listAnswer,
    });
    const services = items.map(summarise);
    const more = nextCursor === undefined ? '' : '\nThere are more: ask again with next_cursor as cursor.';
    return {
      data: { services, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text: services.length === 0 ? 'No server fits.' : services.map(describeService).join('\n') + more,
    };
  },
});
