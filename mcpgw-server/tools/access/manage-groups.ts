import { z } from 'zod';
import { accessOutput, anything, given, listOf, name, need, pageOf, text, toPage } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';
import { ToolError } from '../../tool-error.ts';

export const manageGroups = defineTool({
  name: 'manage_groups',
  title: 'Manage groups of agents',
  description:
    'Lists, shows, creates, updates or removes groups, whose grants their agents have too. Requires the role viewer; for changes admin.',
  input: z.object({
    action: z.enum(['list', 'get', 'create', 'update', 'remove']),
    group: name,
    description: text,
    grants: z.array(anything).max(1000).optional().describe('As in manage_agents.'),
    ...pageOf,
  }),
  fields: { name: 'group' },
  output: accessOutput.omit({ key: true }),
  includeJsonText: true,
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, { action, group, description, grants, limit, cursor }) => {
    const groups = ['api', 'groups'];
    if (action === 'list')
      return toPage(await request({ path: groups, query: { limit, cursor }, response: listOf }), 'groups');
    const id = need(group, 'group', action);
    const path = [...groups, id];
    if (action === 'remove') {
      await request({ method: 'DELETE', path, response: z.unknown() });
      return { data: { items: [] }, text: `Removed the group ${id}.` };
    }
    if (action === 'create') {
      const body = given({ name: id, description, grants });
      const created = await request({ method: 'POST', path: groups, body, response: anything });
      return { data: { items: [created] }, text: `Created the group ${id}; manage_agents adds agents to it.` };
    }
    if (action === 'update' && description === undefined && grants === undefined)
      throw new ToolError('no field to update', 'Pass description or grants.');
    if (action === 'update' && grants !== undefined)
      await request({ method: 'PUT', path: [...path, 'grants'], body: grants, response: anything });
    if (action === 'update' && description !== undefined)
      await request({ method: 'PATCH', path, body: { description }, response: anything });
    return { data: { items: [await request({ path, response: anything })] }, text: `The group ${id}.` };
  },
});
