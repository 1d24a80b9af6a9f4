import { z } from 'zod';
import { accessOutput, given, listOf, moment, name, need, text, toPage } from '../../mcp/access-inputs.ts';
import { defineTool } from '../../mcp/define-tool.ts';

const createdKey = z.looseObject({ key: z.string() });

export const manageKeys = defineTool({
  name: 'manage_keys',
  title: 'Manage keys of agents',
  description:
    'Lists, creates, rotates, updates or revokes keys of an agent. A new key is shown once. Requires the role viewer; for changes admin.',
  input: z.object({
    action: z.enum(['list', 'create', 'rotate', 'update', 'revoke']),
    agent: z.string().min(1).max(100),
    key_id: name,
    label: text,
    expires_at: moment,
    servers: z.array(z.string()).nullable().optional().describe('Servers that the key is limited to; null: all.'),
    overlap_hours: z.number().optional().describe('How long the old key still works (24).'),
  }),
  fields: { expiresAt: 'expires_at', overlapHours: 'overlap_hours', id: 'key_id' },
  output: accessOutput,
  includeJsonText: true,
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  run: async (request, { action, agent, key_id, label, expires_at: expiresAt, servers, overlap_hours }) => {
    const keys = ['api', 'agents', agent, 'keys'];
    if (action === 'list') return toPage(await request({ path: keys, response: listOf }), 'keys');
    if (action === 'create' || action === 'rotate') {
      const isNew = action === 'create';
      const path = isNew ? keys : [...keys, need(key_id, 'key_id', action), 'rotate'];
      const more = isNew ? { servers } : { overlapHours: overlap_hours };
      const body = given({ label, expiresAt, ...more }) ?? {};
      const { key, ...created } = await request({ method: 'POST', path, body, response: createdKey });
      return { data: { items: [created], key }, text: `A new key of ${agent}, shown only once.` };
    }
    const path = [...keys, need(key_id, 'key_id', action)];
    if (action === 'revoke') {
      await request({ method: 'DELETE', path, response: z.unknown() });
      return { data: { items: [] }, text: 'Revoked: it is refused from now on.' };
    }
    const body = given({ label, expiresAt, servers }) ?? {};
    const changed = await request({ method: 'PATCH', path, body, response: z.looseObject({}) });
    return { data: { items: [changed] }, text: 'Updated the key.' };
  },
});
