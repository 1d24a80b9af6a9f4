import { agentLimits, groupLimits, limitsView, limitUses, serverLimits } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { groupParam, nameParam, pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Limits';
const set = {
  summaryEnd: 'Replaces all its rules. The gate applies them from the next request on; existing usage still counts.',
  limits: { description: 'The limits; their revision is the ETag.', schema: limitsView },
  uses: { description: 'The current usage, as counted by NGINX.', schema: limitUses },
};

/** Limits of agents, groups and servers, and how much of them is used. */
export function limitEndpoints({ access: { limits } }: Pick<AppDeps, 'access'>): Endpoint[] {
  const agent = ({ name }: { name: string }) => ({ scope: 'agent' as const, name });
  const group = ({ name }: { name: string }) => ({ scope: 'group' as const, name });
  const server = ({ path }: { path: string }) => ({ scope: 'server' as const, name: path });
  return [
    endpoint({
      method: 'get',
      path: '/api/agents/{name}/limits',
      tag: TAG,
      summary: 'Show the limits of an agent',
      access: 'viewer',
      params: nameParam,
      answers: { 200: set.limits },
      handle: async ({ params }) => {
        const found = await limits.get(agent(params));
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/agents/{name}/limits',
      tag: TAG,
      summary: 'Set the limits of an agent',
      description: set.summaryEnd,
      access: 'admin',
      params: nameParam,
      body: agentLimits,
      example: {
        zone: 'Europe/Berlin',
        rules: [
          { requestsPerSecond: 20, burst: 40, concurrentCalls: 10, concurrentStreams: 4, callsPerDay: 10_000 },
          { server: 'weather', tool: 'send_*', callsPerDay: 100 },
        ],
      },
      current: (params) => limits.get(agent(params)),
      answers: { 200: set.limits },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await limits.set(actor, agent(params), body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/agents/{name}/limits/use',
      tag: TAG,
      summary: 'How much of its limits an agent uses',
      description: 'Its own rules, those of its groups, and those of servers that count each agent by itself.',
      access: 'viewer',
      params: nameParam,
      answers: { 200: set.uses },
      handle: async ({ params }) => ({ status: 200, body: await limits.use(agent(params)) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/groups/{name}/limits',
      tag: TAG,
      summary: 'Show the limits of a group',
      access: 'viewer',
      params: groupParam,
      answers: { 200: set.limits },
      handle: async ({ params }) => {
        const found = await limits.get(group(params));
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/groups/{name}/limits',
      tag: TAG,
      summary: 'Set the limits of a group',
      description: set.summaryEnd,
      access: 'admin',
      params: groupParam,
      body: groupLimits,
      example: { rules: [{ requestsPerSecond: 50 }, { perAgent: true, callsPerDay: 1_000 }] },
      current: (params) => limits.get(group(params)),
      answers: { 200: set.limits },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await limits.set(actor, group(params), body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/groups/{name}/limits/use',
      tag: TAG,
      summary: 'How much of its limits a group uses',
      description: 'The rules that count all its agents together.',
      access: 'viewer',
      params: groupParam,
      answers: { 200: set.uses },
      handle: async ({ params }) => ({ status: 200, body: await limits.use(group(params)) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/limits',
      tag: TAG,
      summary: 'Show the limits of a server',
      access: 'viewer',
      params: pathParam,
      answers: { 200: set.limits },
      handle: async ({ params }) => {
        const found = await limits.get(server(params));
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/servers/{path}/limits',
      tag: TAG,
      summary: 'Set the limits of a server',
      description: set.summaryEnd,
      access: 'admin',
      params: pathParam,
      body: serverLimits,
      example: {
        rules: [
          { requestsPerSecond: 100 },
          { tool: 'render', concurrentCalls: 2 },
          { perAgent: true, callsPerDay: 500 },
        ],
      },
      current: (params) => limits.get(server(params)),
      answers: { 200: set.limits },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await limits.set(actor, server(params), body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/limits/use',
      tag: TAG,
      summary: 'How much of its limits a server uses',
      description: 'The rules that count all agents together.',
      access: 'viewer',
      params: pathParam,
      answers: { 200: set.uses },
      handle: async ({ params }) => ({ status: 200, body: await limits.use(server(params)) }),
    }),
  ];
}
