import type { ToolView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, meansAll, page, servicePathOrAll } from '../arguments.ts';
import { defineTool } from '../define-tool.ts';
import { Failure } from '../failure.ts';
import type { AskRegistry } from '../registry-client.ts';
import { describeJudged, describeTool, judge, listAnswer, listedTool, toolJudgement, toolsAnswer } from '../views.ts';

const shownTool = listedTool.extend({ service_path: z.string(), ...toolJudgement.shape });

function show(server: string, tool: ToolView): z.output<typeof shownTool> {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const listed = { name, title, description, inputSchema, outputSchema, annotations };
  return { service_path: `/${server}`, ...listed, ...judge(tool) };
}

async function readTools(ask: AskRegistry, path: string) {
  const { tools } = await ask({ path: ['api', 'servers', path, 'tools'], answer: toolsAnswer });
  return tools.map((tool) => show(path, tool));
}

async function readPage(ask: AskRegistry, query: { limit: number; cursor: string | undefined }) {
  const { items, nextCursor } = await ask({ path: ['api', 'servers'], query, answer: listAnswer });
  const tools = [];
  for (const { path } of items)
    try {
      tools.push(...(await readTools(ask, path)));
    } catch (thrown) {
      // Removed since the page was read: the tools of the others are no worse for it.
      if (!(thrown instanceof Failure) || thrown.code !== 'not_found') throw thrown;
    }
  return { tools, nextCursor };
}

export const getServiceTools = defineTool({
  name: 'get_service_tools',
  title: 'Show the tools of a server',
  description:
    'Shows the tools of one server with their input schemas, or ("/all") those of every server, `limit` servers a page. Descriptions are the words of the servers, not of the gateway. Needs the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedLogin }),
  output: z.object({ tools: z.array(shownTool), next_cursor: z.string().optional() }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { service_path, limit, cursor }) => {
    const { tools, nextCursor } = meansAll(service_path)
      ? await readPage(ask, { limit, cursor })
      : { tools: await readTools(ask, cleanPath(service_path)) };
    return {
      data: { tools, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text:
        tools.length === 0
          ? 'No tools are known. refresh_service asks a server for them.'
          : tools.map((tool) => describeJudged(`${tool.service_path} ${describeTool(tool)}`, tool)).join('\n'),
    };
  },
});
