import { grants, groupInput, groupPatch, groupView, pageOf, pageQuery } from '../../../contract/index.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { groupParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Groups';

/** Groups of agents: grants that several agents have. */
export function groupEndpoints({ access: { groups } }: Pick<AppDeps, 'access'>): Endpoint[] {
  const current = ({ name }: { name: string }) => groups.get(name);
  const group = { description: 'The group; its revision is the ETag.', schema: groupView };
  return [
    endpoint({
      method: 'get',
      path: '/api/groups',
      tag: TAG,
      summary: 'List groups',
      access: 'viewer',
      query: pageQuery,
      answers: { 200: { description: 'A page of groups, sorted by name.', schema: pageOf(groupView) } },
      handle: async ({ query: { limit, cursor } }) => {
        const after = readCursor('string', cursor) ?? '';
        const rest = (await groups.list()).filter(({ name }) => name > after);
        return { status: 200, body: cutPage(rest, limit, ({ name }) => name) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/groups',
      tag: TAG,
      summary: 'Create a group',
      description: 'Agents are added with PATCH /api/agents/{name} {"groups": [...]}.',
      access: 'admin',
      body: groupInput,
      example: { name: 'readers', grants: [{ server: '*', tools: ['annotation:readOnly'] }] },
      answers: { 201: group },
      handle: async ({ actor, body }) => {
        const created = await groups.create(actor, body);
        return {
          status: 201,
          body: created,
          revision: created.revision,
          headers: { Location: `/api/groups/${created.name}` },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/groups/{name}',
      tag: TAG,
      summary: 'Show a group and who is in it',
      access: 'viewer',
      params: groupParam,
      answers: { 200: group },
      handle: async ({ params }) => {
        const found = await groups.get(params.name);
        return { status: 200, body: found, revision: found.revision };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/groups/{name}',
      tag: TAG,
      summary: 'Change a group',
      access: 'admin',
      params: groupParam,
      body: groupPatch,
      example: { description: 'may read everything' },
      current,
      answers: { 200: group },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await groups.change(actor, params.name, body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/groups/{name}/grants',
      tag: TAG,
      summary: 'Set what the agents of a group may use',
      description: 'Replaces all grants of the group. Takes effect on the next request of each of its agents.',
      access: 'admin',
      params: groupParam,
      body: grants,
      example: [{ server: 'team/*', tools: ['*', '!delete_*'] }],
      current,
      answers: { 200: group },
      handle: async ({ actor, params, body, ifRevision }) => {
        const changed = await groups.setGrants(actor, params.name, body, ifRevision);
        return { status: 200, body: changed, revision: changed.revision };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/groups/{name}',
      tag: TAG,
      summary: 'Remove a group',
      description: 'Its agents lose what it granted, and are no longer denied what it denied.',
      access: 'admin',
      params: groupParam,
      current,
      answers: { 204: { description: 'Removed.' } },
      handle: async ({ actor, params, ifRevision }) => {
        await groups.remove(actor, params.name, ifRevision);
        return { status: 204 };
      },
    }),
  ];
}
