import { callGrant } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { anything } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

export const grantCall = defineTool({
  name: 'grant_call',
  title: 'Grant a refused call',
  description:
    'Shows the one grant that would allow a refused call, and adds it to the agent with apply. Requires the role operator; to apply admin.',
  input: z.object({
    request_id: z.string().min(1).max(100).describe('requestId of search_calls.'),
    apply: z.boolean().default(false),
  }),
  fields: { requestId: 'request_id' },
  output: callGrant.pick({ agent: true, detail: true }).loose(),
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, { request_id, apply }) => {
    const path = ['api', 'calls', request_id, 'grant'];
    const data = await request({ path, response: callGrant });
    if (apply) await request({ method: 'POST', path, response: anything });
    return { data, text: `${apply ? 'Granted' : 'Not applied'}: ${data.detail}. ${JSON.stringify(data.grant)}` };
  },
});
