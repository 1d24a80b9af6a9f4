import { z } from 'zod';
import { parsePath, servicePath } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeResponse, describeChange, serviceChange, toChange } from '../mcp/outputs.ts';

export const restoreService = defineTool({
  name: 'restore_service',
  title: 'Restore a server',
  description: 'Restores the server last removed from a path, with its settings. Requires the role operator.',
  input: z.object({ service_path: servicePath }),
  fields: { path: 'service_path' },
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (request, { service_path }) => {
    const path = ['api', 'servers', parsePath(service_path), 'restore'];
    const data = toChange(await request({ method: 'POST', path, response: changeResponse }));
    return { data, text: describeChange(`Restored ${data.name}.`, data) };
  },
});
