import { z } from 'zod';
import { cleanPath, deprecatedLogin, servicePath } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeAnswer, describeChange, serviceChange, summariseChange } from '../mcp/views.ts';

export const toggleService = defineTool({
  name: 'toggle_service',
  title: 'Switch a server on or off',
  description:
    'Switches a server on (enabled: true) or off (enabled: false). Off: calls to it are refused from the next request on, and it keeps its entry. Needs the role operator or admin.',
  input: z.object({
    service_path: servicePath,
    enabled: z.boolean().describe('true: on, false: off.'),
    ...deprecatedLogin,
  }),
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (ask, { service_path, enabled }) => {
    const path = cleanPath(service_path);
    const change = await ask({
      method: 'PATCH',
      path: ['api', 'servers', path],
      body: { enabled },
      answer: changeAnswer,
    });
    const data = summariseChange(change);
    return { data, text: describeChange(`Switched ${data.name} ${data.enabled ? 'on' : 'off'}.`, data) };
  },
});
