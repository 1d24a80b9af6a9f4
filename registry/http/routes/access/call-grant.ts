import { z } from 'zod';
import { agentView, callGrant, type CallView } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { requireCalls } from '../activity/calls.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Access';
const BUDGET_MS = 500;
const requestParam = z.object({
  requestId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits, lower case')
    .describe('requestId of the call'),
});

/** From a refused call to the one grant that would allow it. */
export function callGrantEndpoints({ access, calls }: Pick<AppDeps, 'access' | 'calls'>): Endpoint[] {
  async function findCall(requestId: string): Promise<CallView> {
    const before = { timeMs: Date.now() + 60_000, id: Number.MAX_SAFE_INTEGER };
    const search = { filter: { requestId }, fromMs: 0, before, limit: 1, budgetMs: BUDGET_MS };
    const [call] = (await requireCalls(calls).search(search)).calls;
    if (call !== undefined) return call;
    throw new RegistryError('not_found', `there is no call with the request id "${requestId}"`, {
      hint: 'GET /api/calls lists them. Calls are stored a moment after they end, and deleted after CALL_STORE_DAYS.',
    });
  }
  return [
    endpoint({
      method: 'get',
      path: '/api/calls/{requestId}/grant',
      tag: TAG,
      summary: 'The one grant that would allow a refused call',
      description: 'The minimal grant that would allow it, or the other reason for the refusal. Nothing is saved.',
      access: 'operator',
      params: requestParam,
      answers: { 200: { description: 'The grant.', schema: callGrant } },
      handle: async ({ params }) => ({
        status: 200,
        body: await access.insight.proposeGrant(await findCall(params.requestId)),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/calls/{requestId}/grant',
      tag: TAG,
      summary: 'Grant what a refused call needed',
      description:
        'Adds the grant that GET shows to the own grants of the agent. 409 where no grant would allow the call.',
      access: 'admin',
      params: requestParam,
      answers: { 200: { description: 'The agent.', schema: agentView } },
      handle: async ({ actor, params }) => {
        const { agent, grant, detail } = await access.insight.proposeGrant(await findCall(params.requestId));
        if (agent === null || grant === null) throw new RegistryError('conflict', detail);
        const changed = await access.agents.addGrant(actor, agent, grant);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
  ];
}
