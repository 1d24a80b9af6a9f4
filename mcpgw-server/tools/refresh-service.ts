import { observedStatus, probeResult } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { cleanPath, deprecatedLogin, servicePath } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { endSentence } from '../tool-error.ts';
import { describeTool } from '../mcp/views.ts';

export const refreshService = defineTool({
  name: 'refresh_service',
  title: 'Check a server now',
  description:
    'Asks a server now how it is and which tools it has, and stores what it says. Needs the role operator or admin.',
  input: z.object({ service_path: servicePath, ...deprecatedLogin }),
  output: z.object({
    service_path: z.string(),
    observed: observedStatus,
    transport: z.string().nullable(),
    protocol_version: z.string().nullable(),
    latency_ms: z.number().nullable(),
    tools: z.array(z.string()),
    problem: z.string().nullable(),
    remedy: z.string().nullable(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (ask, given) => {
    const path = cleanPath(given.service_path);
    const found = await ask({ method: 'POST', path: ['api', 'servers', path, 'refresh'], answer: probeResult });
    const { observed, transport, protocolVersion, latencyMs, tools, problem, remedy } = found;
    const trouble =
      problem === null
        ? ''
        : `\nProblem: ${endSentence(problem)}${remedy === null ? '' : ` What to do: ${endSentence(remedy)}`}`;
    return {
      data: {
        service_path: `/${path}`,
        observed,
        transport,
        protocol_version: protocolVersion,
        latency_ms: latencyMs,
        tools: tools.map(({ name }) => name),
        problem,
        remedy,
      },
      text: `/${path} is ${observed}, ${tools.length} tools.${trouble}\n${tools.map(describeTool).join('\n')}`.trim(),
    };
  },
});
