import { z } from 'zod';
import {
  CONNECT_CLIENTS,
  connectView,
  snippetTransport,
  writeSnippets,
  type ConnectClient,
} from '../../../contract/index.ts';
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
      query: z.object({
        client: z.enum(clients).optional().describe('only this client'),
        also: z
          .string()
          .max(4_000)
          .default('')
          .transform((written) => written.split(',').map((path) => path.trim().replace(/^\/+|\/+$/g, '')))
          .transform((paths) => paths.filter((path) => path !== ''))
          .describe('paths of further servers in the same snippets, separated by commas'),
      }),
      answers: { 200: { description: 'The public URL, and a snippet for each client.', schema: connectView } },
      handle: async ({ params, query }) => {
        const targets = [];
        for (const requested of new Set([params.path, ...query.also])) {
          const { path, gatewayUrl, era, endpoints } = await servers.get(requested);
          targets.push({ path, url: gatewayUrl, era, transport: snippetTransport(endpoints) });
        }
        const url = targets[0]?.url ?? '';
        const snippets = writeSnippets(targets);
        const shown = snippets.filter(({ client }) => query.client === undefined || client === query.client);
        return { status: 200, body: { url, snippets: shown } };
      },
    }),
  ];
}
