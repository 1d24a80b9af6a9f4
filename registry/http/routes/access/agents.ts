import { agentInput, agentPatch, agentView, grants, pageOf, pageQuery } from '../../../contract/index.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { nameParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Agents';

/** Machine identities and their grants. */
export function agentEndpoints({ access: { agents } }: Pick<AppDeps, 'access'>): Endpoint[] {
  const current = ({ name }: { name: string }) => agents.get(name);
  const agent = { description: 'The agent; its revision is the ETag.', schema: agentView };
  return [
    endpoint({
      method: 'get',
      path: '/api/agents',
      tag: TAG,
      summary: 'List agents',
      access: 'viewer',
      query: pageQuery,
      answers: { 200: { description: 'A page of agents, sorted by name.', schema: pageOf(agentView) } },
      handle: async ({ query: { limit, cursor } }) => {
        const after = readCursor('string', cursor) ?? '';
        const rest = (await agents.list()).filter(({ name }) => name > after);
        return { status: 200, body: cutPage(rest, limit, ({ name }) => name) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/agents',
      tag: TAG,
      summary: 'Create an agent',
      access: 'admin',
      body: agentInput,
      example: { name: 'planner', grants: [{ server: 'weather', tools: ['*'] }] },
      answers: { 201: agent },
      handle: async ({ actor, body }) => {
        const created = await agents.create(actor, body);
        return {
          status: 201,
          body: created,
          revision: created.revision,
          headers: { Location: `/api/agents/${created.name}` },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/agents/{name}',
      tag: TAG,
      summary: 'Show an agent',
      access: 'viewer',
      params: nameParam,
      answers: { 200: agent },
      handle: async ({ params }) => {
        const found = await agents.get(params.name);
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/agents/{name}',
      tag: TAG,
      summary: 'Change an agent',
      description: 'Takes effect on its next request, at the gate and here.',
      access: 'admin',
      params: nameParam,
      body: agentPatch,
      example: { enabled: false },
      current,
      answers: { 200: agent },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await agents.change(actor, params.name, body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/agents/{name}',
      tag: TAG,
      summary: 'Remove an agent with all its keys',
      access: 'admin',
      params: nameParam,
      current,
      answers: { 204: { description: 'Removed; its keys are refused from now on.' } },
      handle: async ({ actor, params, ifRevision }) => {
        await agents.remove(actor, params.name, ifRevision);
        return { status: 204 };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/agents/{name}/grants',
      tag: TAG,
      summary: 'Set what an agent may use',
      description:
        'Replaces all its own grants; those of its groups are added to them. Patterns: "*" (every server but mcpgw), "team/*", one path.',
      access: 'admin',
      params: nameParam,
      body: grants,
      example: [{ server: 'team/*', tools: ['*'] }],
      current,
      answers: { 200: agent },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await agents.setGrants(actor, params.name, body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
  ];
}
