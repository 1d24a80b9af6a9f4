import { healthStatus, probeResult } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { parsePath, deprecatedCredentials, servicePath } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { endSentence } from '../tool-error.ts';
import { describeTool } from '../mcp/outputs.ts';

export const refreshService = defineTool({
  name: 'refresh_service',
  title: 'Check a server now',
  description: 'Checks a server now, lists its tools and stores the result. Requires the role operator or admin.',
  input: z.object({ service_path: servicePath, ...deprecatedCredentials }),
  output: z.object({
    service_path: z.string(),
    health: healthStatus,
    transport: z.string().nullable(),
    protocol_version: z.string().nullable(),
    latency_ms: z.number().nullable(),
    tools: z.array(z.string()),
    problem: z.string().nullable(),
    remedy: z.string().nullable(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (request, input) => {
    const path = parsePath(input.service_path);
    const result = await request({ method: 'POST', path: ['api', 'servers', path, 'refresh'], response: probeResult });
    const { health, transport, protocolVersion, latencyMs, tools, problem, remedy } = result;
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
        tools: tools.map(({ name }) => name),
        problem,
        remedy,
      },
      text: `/${path} is ${health}, ${tools.length} tools.${failure}\n${tools.map(describeTool).join('\n')}`.trim(),
    };
  },
});
