import { agentStats, serverStats, serverTrend, statsQuery, statsView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

/** Usage statistics. */
export function statsEndpoints({ activity }: Pick<AppDeps, 'activity'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/stats',
      tag: 'Usage',
      summary: 'Calls, errors and durations',
      access: 'viewer',
      query: statsQuery,
      answers: {
        200: {
          description: 'Of the last hour, day or week; of one server, agent or tool with `server`, `agent`, `tool`.',
          schema: statsView,
        },
      },
      handle: async ({ query }) => ({ status: 200, body: await activity.stats(query) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/stats/servers',
      tag: 'Usage',
      summary: 'Calls of every server',
      access: 'viewer',
      query: statsQuery.pick({ range: true }),
      answers: { 200: { description: 'Of each server that was called in the range.', schema: serverStats } },
      handle: async ({ query }) => ({ status: 200, body: await activity.serverStats(query.range) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/stats/agents',
      tag: 'Usage',
      summary: 'Calls of every agent',
      access: 'viewer',
      query: statsQuery.pick({ range: true }),
      answers: { 200: { description: 'Of each agent that sent a request in the range.', schema: agentStats } },
      handle: async ({ query }) => ({ status: 200, body: await activity.agentStats(query.range) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/stats/trend',
      tag: 'Usage',
      summary: 'Number of servers over time',
      access: 'viewer',
      answers: { 200: { description: 'Minute by minute in the last hour.', schema: serverTrend } },
      handle: async () => ({ status: 200, body: await activity.serverTrend() }),
    }),
  ];
}
