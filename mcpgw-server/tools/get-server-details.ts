import { serverView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, meansAll, page, servicePathOrAll } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { describeService, listAnswer, serviceDetails, summarise } from '../mcp/views.ts';

export const getServerDetails = defineTool({
  name: 'get_server_details',
  title: 'Show a server',
  description:
    'Shows all that the gateway knows of one server, or ("/all") of every one, page by page. Needs the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedLogin }),
  output: z.object({ servers: z.array(serviceDetails), next_cursor: z.string().optional() }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { service_path, limit, cursor }) => {
    const { items, nextCursor } = meansAll(service_path)
      ? await ask({ path: ['api', 'servers'], query: { limit, cursor }, answer: listAnswer })
      : { items: [await ask({ path: ['api', 'servers', cleanPath(service_path)], answer: serverView })] };
    return {
      data: { servers: items, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text:
        items.length === 0
          ? 'No server is registered.'
          : items.map((item) => describeService(summarise(item))).join('\n'),
    };
  },
});
