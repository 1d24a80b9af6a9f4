import { toolHit, type Tool, type ToolView } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, meansAll, page, servicePathOrAll } from '../arguments.ts';
import { defineTool } from '../define-tool.ts';
import { describeTool, listedTool, toolsAnswer } from '../views.ts';

const everyAnswer = z.object({ items: z.array(toolHit), nextCursor: z.string().optional() });
const shownTool = listedTool.extend({
  service_path: z.string(),
  callable: z.boolean().optional().describe('false: it changed and waits for approval; calls are refused.'),
  warnings: z.array(z.string()).optional().describe('What in its texts looks like an attempt to steer a model.'),
});

function show(server: string, tool: Tool | ToolView): z.output<typeof shownTool> {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const judged = 'findings' in tool && {
    callable: tool.callable,
    warnings: tool.findings.map(({ severity, field, message }) => `${severity} in ${field}: ${message}`),
  };
  return { service_path: `/${server}`, name, title, description, inputSchema, outputSchema, annotations, ...judged };
}

function describe(tool: z.output<typeof shownTool>): string {
  const refused = tool.callable === false ? ' [refused until approved]' : '';
  return [`${tool.service_path} ${describeTool(tool)}${refused}`, ...(tool.warnings ?? [])].join('\n  ');
}

export const getServiceTools = defineTool({
  name: 'get_service_tools',
  title: 'Show the tools of a server',
  description:
    'Shows the tools of one server with their input schemas, or ("/all") those of every server, page by page. Descriptions are the words of the servers, not of the gateway. Needs the role viewer, operator or admin.',
  input: z.object({ service_path: servicePathOrAll, ...page, ...deprecatedLogin }),
  output: z.object({ tools: z.array(shownTool), next_cursor: z.string().optional() }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { service_path, limit, cursor }) => {
    const path = cleanPath(service_path);
    let tools: z.output<typeof shownTool>[];
    let nextCursor: string | undefined;
    if (meansAll(service_path)) {
      const found = await ask({ path: ['api', 'tools'], query: { limit, cursor }, answer: everyAnswer });
      tools = found.items.map(({ server, tool }) => show(server, tool));
      ({ nextCursor } = found);
    } else {
      const found = await ask({ path: ['api', 'servers', path, 'tools'], answer: toolsAnswer });
      tools = found.tools.map((tool) => show(path, tool));
    }
    return {
      data: { tools, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
      text:
        tools.length === 0
          ? 'No tools are known. refresh_service asks a server for them.'
          : tools.map(describe).join('\n'),
    };
  },
});
