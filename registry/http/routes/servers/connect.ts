import { z } from 'zod';
import { CONNECT_CLIENTS, connectView, writeSnippets, type ConnectClient } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const clients = CONNECT_CLIENTS.map(({ client }) => client) as [ConnectClient, ...ConnectClient[]];

/** What to paste into a client to use a server. */
export function connectEndpoints({ servers }: Pick<AppDeps, 'servers'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/connect',
      tag: 'Servers',
      summary: 'Snippets for clients',
      description: 'With a placeholder for the key, never a real one.',
      access: 'viewer',
      params: pathParam,
      query: z.object({ client: z.enum(clients).optional().describe('only this client') }),
      answers: { 200: { description: 'The public URL, and a snippet for each client.', schema: connectView } },
      handle: async ({ params, query }) => {
        const { path, gatewayUrl: url, era } = await servers.get(params.path);
        const snippets = writeSnippets({ path, url, era });
        const wanted = snippets.filter(({ client }) => query.client === undefined || client === query.client);
        return { status: 200, body: { url, snippets: wanted } };
      },
    }),
  ];
}
