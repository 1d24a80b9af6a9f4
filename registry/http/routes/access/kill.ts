import { z } from 'zod';
import { killInput, killView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Kill switches';

/** Kill switches of an agent, a server or everything. */
export function killEndpoints({ access: { kills } }: Pick<AppDeps, 'access'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/kill',
      tag: TAG,
      summary: 'List the kill switches that are on',
      access: 'viewer',
      answers: { 200: { description: 'Newest first.', schema: z.object({ items: z.array(killView) }) } },
      handle: async () => ({ status: 200, body: { items: await kills.list() } }),
    }),
    endpoint({
      method: 'post',
      path: '/api/kill',
      tag: TAG,
      summary: 'Stop an agent, a server or everything',
      description:
        'Requests are refused with the reason from the next one on, and open streams end within a second. It stays in force until it is lifted, also across restarts.',
      access: 'admin',
      body: killInput,
      example: { scope: 'agent', target: 'planner', reason: 'it deletes what it should read' },
      answers: { 200: { description: 'The kill switch, in force.', schema: killView } },
      handle: async ({ actor, body }) => ({ status: 200, body: await kills.kill(actor, body) }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/kill/{id}',
      tag: TAG,
      summary: 'Lift a kill switch',
      access: 'admin',
      params: z.object({ id: z.string().max(100).describe('id of the kill switch') }),
      answers: { 204: { description: 'Lifted.' } },
      handle: async ({ actor, params }) => {
        await kills.lift(actor, params.id);
        return { status: 204 };
      },
    }),
  ];
}
