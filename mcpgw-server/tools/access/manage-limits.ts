import { z } from 'zod';
import { accessOutput, anything, name, need } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

export const manageLimits = defineTool({
  name: 'manage_limits',
  title: 'Limits',
  description:
    'Shows limits of an agent, group or server, or their use, or replaces them. Requires the role viewer; to set admin.',
  input: z.object({
    action: z.enum(['get', 'use', 'set']),
    scope: z.enum(['agent', 'group', 'server']),
    target: z.string().min(1).max(200).describe('Name, or path of the server.'),
    zone: name.describe('Of days: Europe/Berlin.'),
    rules: z
      .array(anything)
      .max(200)
      .optional()
      .describe(
        '{server?, tool?, perAgent?: true, requestsPerSecond?, burst?, concurrentCalls?, concurrentStreams?, callsPerDay?, largeBodies?}; []: no limits.',
      ),
  }),
  fields: {},
  output: accessOutput.pick({ items: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, { action, scope, target, zone, rules }) => {
    const owner = scope === 'server' ? target.replace(/^\/+|\/+$/g, '') : target;
    const path = ['api', `${scope}s`, owner, 'limits'];
    const whose = `the limits of the ${scope} ${owner}`;
    if (action === 'set') {
      const body = { rules: need(rules, 'rules', action), ...(zone !== undefined && { zone }) };
      const set = await request({ method: 'PUT', path, body, response: anything });
      return { data: { items: [set] }, text: `Set ${whose}; they apply from the next request on.` };
    }
    const isUse = action === 'use';
    const found = await request({ path: isUse ? [...path, 'use'] : path, response: anything });
    return { data: { items: [found] }, text: isUse ? `The use of ${whose}.` : `These are ${whose}.` };
  },
});
