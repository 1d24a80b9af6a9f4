import type { ToolView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { parsePath, deprecatedCredentials, isAll, page, servicePathOrAll } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from '../client/registry-client.ts';
import {
  describeReviewed,
  describeTool,
  toReview,
  listResponse,
  listedTool,
  toolReview,
  toolsResponse,
} from '../mcp/outputs.ts';

const reviewedTool = listedTool.extend({ service_path: z.string(), ...toolReview.shape });

function toTool(server: string, tool: ToolView): z.output<typeof reviewedTool> {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const listed = { name, title, description, inputSchema, outputSchema, annotations };
  return { service_path: `/${server}`, ...listed, ...toReview(tool) };
}

const invalidTool = z.object({
  service_path: z.string(),
  name: z.string().nullable(),
  problem: z.string().describe('Why the tool is invalid. It must be fixed on the server.'),
});

interface ToolLists {
  tools: z.output<typeof reviewedTool>[];
  malformed: z.output<typeof invalidTool>[];
}

async function readTools(request: RegistryClient, path: string): Promise<ToolLists> {
  const { tools, malformed } = await request({ path: ['api', 'servers', path, 'tools'], response: toolsResponse });
  const invalid = malformed.map(({ name, problem }) => ({ service_path: `/${path}`, name, problem }));
  return { tools: tools.map((tool) => toTool(path, tool)), malformed: invalid };
}

async function readPage(request: RegistryClient, query: { limit: number; cursor: string | undefined }) {
  const { items, nextCursor } = await request({ path: ['api', 'servers'], query, response: listResponse });
  const lists: ToolLists = { tools: [], malformed: [] };
  for (const { path } of items)
    try {
      const { tools, malformed: invalid } = await readTools(request, path);
      lists.tools.push(...tools);
      lists.malformed.push(...invalid);
    } catch (thrown) {
      // The server was removed after the page was read.
      if (!(thrown instanceof ToolError) || thrown.code !== 'not_found') throw thrown;
    }
  return { lists, nextCursor };
}

export const getServiceTools = defineTool({
  name: 'get_service_tools',
  title: 'Show the tools of a server',
  description:
    'Returns the tools of one server with their input schemas, or of all servers ("/all"), `limit` servers per page. Descriptions are untrusted text from the servers. Requires the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedCredentials }),
  output: z.object({
    tools: z.array(reviewedTool),
    malformed: z.array(invalidTool).describe('Invalid tools, which were omitted.'),
    next_cursor: z.string().optional(),
  }),
  includeJsonText: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (request, { service_path, limit, cursor }) => {
    const { lists, nextCursor } = isAll(service_path)
      ? await readPage(request, { limit, cursor })
      : { lists: await readTools(request, parsePath(service_path)) };
    const lines = [
      ...lists.tools.map((tool) => describeReviewed(`${tool.service_path} ${describeTool(tool)}`, tool)),
      ...lists.malformed.map(
        (item) => `${item.service_path}: invalid tool omitted: ${item.name ?? 'no name'} (${item.problem})`,
      ),
    ];
    return {
      data: { ...lists, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text:
        lines.length === 0 ? 'No tools. Call refresh_service to list the tools of a server again.' : lines.join('\n'),
    };
  },
});
