import { z } from 'zod';
import { cleanPath, servicePath } from '../mcp/arguments.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeAnswer } from '../mcp/views.ts';

export const removeService = defineTool({
  name: 'remove_service',
  title: 'Remove a server',
  description:
    'Removes a server from the gateway: agents that call it are refused from then on. The server itself goes on running, and an operator can restore the entry. Needs the role operator or admin.',
  input: z.object({ service_path: servicePath }),
  output: z.object({ service_path: z.string(), removed: z.boolean(), applied: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (ask, given) => {
    const path = cleanPath(given.service_path);
    const { applied } = await ask({ method: 'DELETE', path: ['api', 'servers', path], answer: changeAnswer });
    return {
      data: { service_path: `/${path}`, removed: true, applied },
      text: `Removed /${path}. POST /api/servers/${encodeURIComponent(path)}/restore brings it back.`,
    };
  },
});
