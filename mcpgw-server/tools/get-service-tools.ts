import { toolHit } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, meansAll, page, servicePathOrAll } from '../arguments.ts';
import { defineTool } from '../define-tool.ts';
import { describeTool, listedTool, toolsAnswer } from '../views.ts';

const everyAnswer = z.object({ items: z.array(toolHit), nextCursor: z.string().optional() });

export const getServiceTools = defineTool({
  name: 'get_service_tools',
  title: 'Show the tools of a server',
  description:
    'Shows the tools of one server with their input schemas, or ("/all") those of every server, page by page. Descriptions are the words of the servers, not of the gateway. Needs the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedLogin }),
  output: z.object({
    tools: z.array(listedTool.extend({ service_path: z.string() })),
    next_cursor: z.string().optional(),
  }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { service_path, limit, cursor }) => {
    const path = cleanPath(service_path);
    const { items, nextCursor } = meansAll(service_path)
      ? await ask({ path: ['api', 'tools'], query: { limit, cursor }, answer: everyAnswer })
      : {
          items: (await ask({ path: ['api', 'servers', path, 'tools'], answer: toolsAnswer })).items.map((tool) => ({
            server: path,
            tool,
          })),
        };
    return {
      data: {
        tools: items.map(({ server, tool }) => ({ service_path: `/${server}`, ...tool })),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      },
      text:
        items.length === 0
          ? 'No tools are known. refresh_service asks a server for them.'
          : items.map(({ server, tool }) => `/${server} ${describeTool(tool)}`).join('\n'),
    };
  },
});
