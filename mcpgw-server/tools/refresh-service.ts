import { healthStatus, probeResult } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { parsePath, DEPRECATED_CREDENTIALS, servicePath } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { endSentence } from '../tool-error.ts';
import { describeTool } from '../mcp/tool-outputs.ts';

/** get_service_tools returns all of them. */
const MAX_TOOLS = 50;

export const refreshService = defineTool({
  name: 'refresh_service',
  title: 'Check a server now',
  description: 'Checks a server now, lists its tools and stores the result. Requires the role operator.',
  input: z.object({ service_path: servicePath }),
  ignored: DEPRECATED_CREDENTIALS,
  fields: { path: 'service_path' },
  output: z.object({
    service_path: z.string(),
    health: healthStatus,
    transport: z.string().nullable(),
    protocol_version: z.string().nullable(),
    latency_ms: z.number().nullable(),
    num_tools: z.int(),
    tools: z.array(z.string()).describe('Names of the first 50.'),
    problem: z.string().nullable(),
    remedy: z.string().nullable(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (request, input) => {
    const path = parsePath(input.service_path);
    const result = await request({ method: 'POST', path: ['api', 'servers', path, 'refresh'], response: probeResult });
    const { health, transport, protocolVersion, latencyMs, tools, problem, remedy } = result;
    const first = tools.slice(0, MAX_TOOLS);
    const failure =
      problem === null
        ? ''
        : `\nProblem: ${endSentence(problem)}${remedy === null ? '' : ` What to do: ${endSentence(remedy)}`}`;
    return {
      data: {
        service_path: `/${path}`,
        health,
        transport,
        protocol_version: protocolVersion,
        latency_ms: latencyMs,
        num_tools: tools.length,
        tools: first.map(({ name }) => name),
        problem,
        remedy,
      },
      text: `/${path} is ${health}, ${tools.length} tools.${failure}\n${first.map(describeTool).join('\n')}`.trim(),
    };
  },
});
