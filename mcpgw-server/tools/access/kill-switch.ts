import { z } from 'zod';
import { accessOutput, anything, given, listOf, name, need, text, toPage } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

export const killSwitch = defineTool({
  name: 'kill_switch',
  title: 'Kill switches',
  description:
    'Lists, sets or lifts kill switches: calls of their target are refused with the reason until lifted. Requires the role viewer; for changes admin.',
  input: z.object({
    action: z.enum(['list', 'set', 'lift']),
    scope: z.enum(['agent', 'server', 'all']).optional(),
    target: name.describe('Name of the agent or path of the server.'),
    reason: text.describe('Shown to agents.'),
    kill_id: name,
  }),
  fields: { id: 'kill_id' },
  output: accessOutput.pick({ items: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, { action, kill_id, scope, target, reason }) => {
    const path = ['api', 'kill'];
    if (action === 'list') return toPage(await request({ path, response: listOf }), 'kill switches that are on');
    if (action === 'lift') {
      await request({ method: 'DELETE', path: [...path, need(kill_id, 'kill_id', action)], response: z.unknown() });
      return { data: { items: [] }, text: 'Lifted.' };
    }
    const body = given({ scope: need(scope, 'scope', action), target, reason: need(reason, 'reason', action) });
    const kill = await request({ method: 'POST', path, body, response: anything });
    return { data: { items: [kill] }, text: `Stopped: ${reason ?? ''}.` };
  },
});
