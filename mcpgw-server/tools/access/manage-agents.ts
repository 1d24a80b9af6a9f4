import { toolList } from '@mcpgw/registry/contract';
import { z } from 'zod';
import type { RegistryClient } from '../../client/registry-client.ts';
import {
  accessOutput,
  anything,
  given,
  grantsInput,
  listOf,
  moment,
  name,
  need,
  pageOf,
  text,
  toPage,
} from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';
import { ToolError } from '../../tool-error.ts';

const input = z.object({
  action: z.enum(['list', 'get', 'create', 'update', 'remove']),
  agent: name,
  description: text,
  owner: text,
  tags: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
  role: z.enum(['viewer', 'operator', 'admin']).nullable().optional(),
  enabled: z.boolean().optional(),
  expires_at: moment,
  tool_list: z.enum(toolList.options).optional(),
  grants: grantsInput.optional(),
  ...pageOf,
});

async function update(request: RegistryClient, path: string[], { grants, ...rest }: z.output<typeof input>) {
  const { description, owner, tags, groups, role, enabled, expires_at: expiresAt, tool_list: toolList } = rest;
  const body = given({ description, owner, tags, groups, role, enabled, expiresAt, toolList });
  if (body === undefined && grants === undefined)
    throw new ToolError('no field to update', 'Pass at least one field besides agent.');
  // Grants first: if they become narrower, nothing else may be widened before.
  const granted =
    grants && (await request({ method: 'PUT', path: [...path, 'grants'], body: grants, response: anything }));
  return body === undefined ? (granted ?? {}) : request({ method: 'PATCH', path, body, response: anything });
}

export const manageAgents = defineTool({
  name: 'manage_agents',
  title: 'Manage agents',
  description:
    'Lists, shows, creates, updates or removes agents and their grants. Requires the role viewer; for changes admin.',
  input,
  fields: { name: 'agent', expiresAt: 'expires_at', toolList: 'tool_list' },
  output: accessOutput.omit({ key: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, all) => {
    const { action, agent, limit, cursor } = all;
    if (action === 'list')
      return toPage(await request({ path: ['api', 'agents'], query: { limit, cursor }, response: listOf }), 'agents');
    const path = ['api', 'agents', need(agent, 'agent', action)];
    if (action === 'remove') {
      await request({ method: 'DELETE', path, response: z.unknown() });
      return { data: { items: [] }, text: `Removed the agent ${path[2] ?? ''} with its keys.` };
    }
    if (action === 'get') {
      const found = await request({ path, response: anything });
      return { data: { items: [found] }, text: `The agent ${path[2] ?? ''}.` };
    }
    if (action === 'update')
      return { data: { items: [await update(request, path, all)] }, text: `Updated the agent ${path[2] ?? ''}.` };
    const { description, owner, tags, groups, role, enabled, expires_at: expiresAt, tool_list: toolList } = all;
    const { grants } = all;
    const body = given({ name: agent, description, owner, tags, groups, role, enabled, expiresAt, toolList, grants });
    const created = await request({ method: 'POST', path: ['api', 'agents'], body, response: anything });
    return { data: { items: [created] }, text: `Created the agent ${path[2] ?? ''}; create its key with manage_keys.` };
  },
});
