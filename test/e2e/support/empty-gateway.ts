import type { AdminClient } from '../../support/gateway/admin-client.ts';

/** The agent that a gateway has from its first start, its administrator, and its management server. */
const OWN = new Set(['first', 'admin', 'mcpgw']);

async function removeAll(admin: AdminClient, list: string, idOf: (item: Record<string, string>) => string) {
  const { items } = await admin.must<{ items: Record<string, string>[] }>('GET', list);
  const ids = items.map(idOf).filter((id) => !OWN.has(id));
  const [path] = list.split('?');
  await Promise.all(ids.map((id) => admin.ask('DELETE', `${path}/${encodeURIComponent(id)}`)));
}

/** Removes the data of earlier test files, so that each starts with a gateway as after its first start. Records of calls and changes remain. */
export async function emptyGateway(admin: AdminClient, settings: Record<string, unknown>): Promise<void> {
  await removeAll(admin, '/api/kill', ({ id = '' }) => id);
  await Promise.all([
    removeAll(admin, '/api/servers?limit=500', ({ path = '' }) => path),
    removeAll(admin, '/api/agents?limit=500', ({ name = '' }) => name),
    removeAll(admin, '/api/groups?limit=500', ({ name = '' }) => name),
    removeAll(admin, '/api/users?limit=500', ({ username = '' }) => username),
    admin.must('PATCH', '/api/settings', settings),
  ]);
}
