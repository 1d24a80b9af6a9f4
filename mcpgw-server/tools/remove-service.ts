import { z } from 'zod';
import { parsePath, servicePath } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeResponse } from '../mcp/outputs.ts';

export const removeService = defineTool({
  name: 'remove_service',
  title: 'Remove a server',
  description:
    'Removes a server from the gateway. Agents are refused; the server itself keeps running. restore_service restores it. Requires the role operator.',
  input: z.object({ service_path: servicePath }),
  fields: { path: 'service_path' },
  output: z.object({ service_path: z.string(), removed: z.boolean(), applied: z.boolean() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (request, input) => {
    const path = parsePath(input.service_path);
    const { applied } = await request({ method: 'DELETE', path: ['api', 'servers', path], response: changeResponse });
    return {
      data: { service_path: `/${path}`, removed: true, applied },
      text: `Removed /${path}. restore_service restores it.`,
    };
  },
});
