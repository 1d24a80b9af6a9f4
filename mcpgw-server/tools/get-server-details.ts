import { serverView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { parsePath, DEPRECATED_CREDENTIALS, isAll, page, servicePathOrAll } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { describeService, listResponse, serviceDetails, toSummary } from '../mcp/outputs.ts';

export const getServerDetails = defineTool({
  name: 'get_server_details',
  title: 'Show a server',
  description: 'Returns all details of one server, or of all ("/all"), paginated. Requires the role viewer.',
  input: z.object({ service_path: servicePathOrAll, ...page }),
  ignored: DEPRECATED_CREDENTIALS,
  fields: { path: 'service_path' },
  output: z.object({ servers: z.array(serviceDetails), next_cursor: z.string().optional() }),
  includeJsonText: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { service_path, limit, cursor }) => {
    const { items, nextCursor } = isAll(service_path)
      ? await request({ path: ['api', 'servers'], query: { limit, cursor }, response: listResponse })
      : { items: [await request({ path: ['api', 'servers', parsePath(service_path)], response: serverView })] };
    return {
      data: { servers: items, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text:
        items.length === 0
          ? 'No server is registered.'
          : items.map((item) => describeService(toSummary(item))).join('\n'),
    };
  },
});
