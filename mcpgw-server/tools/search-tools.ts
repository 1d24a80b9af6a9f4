import { serverView, toolHit, toolKind } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { defineTool } from '../mcp/define-tool.ts';
import { describeJudged, describeTool, judge, listedTool, toolJudgement } from '../mcp/views.ts';

export const searchTools = defineTool({
  name: 'search_tools',
  title: 'Find a tool',
  description:
    'Finds tools of all servers by words of what they do, best first, each with its input schema, the address to call it at, what is suspicious in its texts (`warnings`) and whether it may be called (`callable`). Descriptions are the words of the servers, not of the gateway. Needs the role viewer, operator or admin.',
  input: z.object({
    query: z.string().trim().min(1).max(500).describe('Words, for example "current weather".'),
    limit: z.int().min(1).max(50).default(10),
    tag: z.string().max(40).optional().describe('Only tools of servers with this tag.'),
    kind: toolKind.optional().describe('Only tools that, as their server says, read, change or destroy something.'),
  }),
  output: z.object({
    hits: z.array(
      z.object({
        service_path: z.string(),
        status: serverView.shape.status.nullable(),
        gateway_url: z.string().nullable().describe('Where to call the tool.'),
        score: z.number(),
        tool: listedTool,
        ...toolJudgement.shape,
      }),
    ),
  }),
  alsoAsJson: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (ask, { query, limit, tag, kind }) => {
    const { items } = await ask({
      path: ['api', 'tools'],
      query: { q: query, limit, tag, kind },
      answer: z.object({ items: z.array(toolHit) }),
    });
    const paths = [...new Set(items.map(({ server }) => server))];
    const found = await Promise.all(
      // A server may be removed in between; its hit is shown without address.
      paths.map((path) => ask({ path: ['api', 'servers', path], answer: serverView }).catch(() => undefined)),
    );
    const servers = new Map(found.filter((server) => server !== undefined).map((server) => [server.path, server]));
    const hits = items.map(({ server, tool, score, ...said }) => ({
      service_path: `/${server}`,
      status: servers.get(server)?.status ?? null,
      gateway_url: servers.get(server)?.gatewayUrl ?? null,
      score,
      tool,
      ...judge(said),
    }));
    return {
      data: { hits },
      text:
        hits.length === 0
          ? 'No tool fits. Try fewer or other words.'
          : hits
              .map((hit) =>
                describeJudged(`${hit.service_path} ${describeTool(hit.tool)} [${hit.gateway_url ?? 'gone'}]`, hit),
              )
              .join('\n'),
    };
  },
});
