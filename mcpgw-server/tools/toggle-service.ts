import { z } from 'zod';
import { parsePath, DEPRECATED_CREDENTIALS, servicePath } from '../mcp/inputs.ts';
import { defineTool } from '../mcp/define-tool.ts';
import { changeResponse, describeChange, serviceChange, toChange } from '../mcp/outputs.ts';

export const toggleService = defineTool({
  name: 'toggle_service',
  title: 'Enable or disable a server',
  description:
    'Enables or disables a server. A disabled server refuses calls from the next one on and keeps its settings. Requires the role operator.',
  input: z.object({
    service_path: servicePath,
    enabled: z.boolean(),
  }),
  ignored: DEPRECATED_CREDENTIALS,
  fields: { path: 'service_path' },
  output: serviceChange,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: async (request, { service_path, enabled }) => {
    const path = parsePath(service_path);
    const change = await request({
      method: 'PATCH',
      path: ['api', 'servers', path],
      body: { enabled },
      response: changeResponse,
    });
    const data = toChange(change);
    return { data, text: describeChange(`${data.enabled ? 'Enabled' : 'Disabled'} ${data.name}.`, data) };
  },
});
