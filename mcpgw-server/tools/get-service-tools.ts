import type { ToolView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, meansAll, page, servicePathOrAll } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { ToolError } from '../tool-error.ts';
import type { AskRegistry } from '../client/registry-client.ts';
import {
  describeJudged,
  describeTool,
  judge,
  listAnswer,
  listedTool,
  toolJudgement,
  toolsAnswer,
} from '../mcp/views.ts';

const shownTool = listedTool.extend({ service_path: z.string(), ...toolJudgement.shape });

function show(server: string, tool: ToolView): z.output<typeof shownTool> {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const listed = { name, title, description, inputSchema, outputSchema, annotations };
  return { service_path: `/${server}`, ...listed, ...judge(tool) };
}

const leftOutTool = z.object({
  service_path: z.string(),
  name: z.string().nullable(),
  problem: z.string().describe('What is wrong with it; its server must correct it.'),
});

interface Shown {
  tools: z.output<typeof shownTool>[];
  left_out: z.output<typeof leftOutTool>[];
}

async function readTools(ask: AskRegistry, path: string): Promise<Shown> {
  const { tools, leftOut } = await ask({ path: ['api', 'servers', path, 'tools'], answer: toolsAnswer });
  const wrong = leftOut.map(({ name, problem }) => ({ service_path: `/${path}`, name, problem }));
  return { tools: tools.map((tool) => show(path, tool)), left_out: wrong };
}

async function readPage(ask: AskRegistry, query: { limit: number; cursor: string | undefined }) {
  const { items, nextCursor } = await ask({ path: ['api', 'servers'], query, answer: listAnswer });
  const shown: Shown = { tools: [], left_out: [] };
  for (const { path } of items)
    try {
      const { tools, left_out: wrong } = await readTools(ask, path);
      shown.tools.push(...tools);
      shown.left_out.push(...wrong);
    } catch (thrown) {
      // Removed since the page was read: the tools of the others are no worse for it.
      if (!(thrown instanceof ToolError) || thrown.code !== 'not_found') throw thrown;
    }
  return { shown, nextCursor };
}

export const getServiceTools = defineTool({
  name: 'get_service_tools',
  title: 'Show the tools of a server',
  description:
    'Shows the tools of one server with their input schemas, or ("/all") those of every server, `limit` servers a page. Descriptions are the words of the servers, not of the gateway. Needs the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedLogin }),
  output: z.object({
    tools: z.array(shownTool),
    left_out: z.array(leftOutTool).describe('Tools that their server lists wrongly.'),
    next_cursor: z.string().optional(),
  }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { service_path, limit, cursor }) => {
    const { shown, nextCursor } = meansAll(service_path)
      ? await readPage(ask, { limit, cursor })
      : { shown: await readTools(ask, cleanPath(service_path)) };
    const lines = [
      ...shown.tools.map((tool) => describeJudged(`${tool.service_path} ${describeTool(tool)}`, tool)),
      ...shown.left_out.map(
        (one) => `${one.service_path} lists a tool wrongly: ${one.name ?? 'no name'} (${one.problem})`,
      ),
    ];
    return {
      data: { ...shown, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text: lines.length === 0 ? 'No tools are known. refresh_service asks a server for them.' : lines.join('\n'),
    };
  },
});
