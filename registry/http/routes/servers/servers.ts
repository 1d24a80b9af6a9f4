import { z } from 'zod';
import {
  pageOf,
  pageQuery,
  removedServers,
  serverInput,
  serverPatch,
  serverStatus,
  serverView,
} from '../../../contract/index.ts';
import { requireAdminForPrograms } from '../../auth/require-admin-for-programs.ts';
import { answerChange, changeAnswers, waitQuery } from '../../framework/answer-change.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';
import { writePage } from '../../framework/write-page.ts';

const TAG = 'Servers';
const listQuery = pageQuery.extend({
  q: z.string().max(200).optional().describe('words that all occur in path, name, description or tags'),
  status: serverStatus.optional(),
  tag: z.string().max(40).optional(),
});

/** The catalogue. */
export function serverEndpoints(deps: Pick<AppDeps, 'servers' | 'publisher'>): Endpoint[] {
  const { servers } = deps;
  const current = ({ path }: { path: string }) => servers.get(path);
  return [
    endpoint({
      method: 'get',
      path: '/api/servers',
      tag: TAG,
      summary: 'List servers',
      access: 'viewer',
      query: listQuery,
      answers: { 200: { description: 'A page of servers, sorted by path.', schema: pageOf(serverView) } },
      handle: async ({ query: { limit, cursor, ...filter } }) => {
        const found = await servers.list({ ...filter, limit: limit + 1, afterPath: readCursor('string', cursor) });
        const page = cutPage(found, limit, ({ path }) => path);
        return { status: 200, body: writePage(page, (view) => servers.toJson(view)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/servers',
      tag: TAG,
      summary: 'Register a server',
      description:
        'It is probed first; a server that is down is registered anyway. With "command" it is a program that the bridge runs: administrators only, with STDIO_COMMANDS=allow. With "openapi" it is a REST API whose operations are its tools.',
      access: 'operator',
      query: waitQuery,
      isLarge: true,
      body: serverInput,
      example: { path: 'weather', url: 'http://127.0.0.1:8000/mcp', description: 'Forecasts', tags: ['demo'] },
      answers: changeAnswers(201, 'Registered; Location and ETag identify it.'),
      handle: async ({ actor, caller, body, query }) => {
        requireAdminForPrograms(caller, body);
        const changed = await servers.register(actor, body);
        const location = `/api/servers/${encodeURIComponent(changed.server.path)}`;
        return answerChange(deps, 201, changed, query.wait, { Location: location });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}',
      tag: TAG,
      summary: 'Show a server',
      access: 'viewer',
      params: pathParam,
      answers: { 200: { description: 'The server; its revision is the ETag.', schema: serverView } },
      handle: async ({ params }) => {
        const server = await servers.get(params.path);
        return { status: 200, body: server, revision: server.revision };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/servers/{path}',
      tag: TAG,
      summary: 'Change a server',
      description:
        'Absent fields remain unchanged. {"enabled": false} switches it off: the gate refuses its calls before this request returns. A change without effect returns the server unchanged: no new revision, audit row, probe or publish. When an instance gets another origin, stored headers are deleted unless they are sent again; `droppedHeaders` lists them.',
      access: 'operator',
      params: pathParam,
      query: waitQuery,
      isLarge: true,
      body: serverPatch,
      example: { enabled: false },
      current,
      answers: changeAnswers(200, 'Changed, or already in that state.'),
      handle: async ({ actor, caller, params, body, query, ifRevision }) => {
        requireAdminForPrograms(caller, body);
        return answerChange(deps, 200, await servers.change(actor, params.path, body, ifRevision), query.wait);
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/servers/{path}',
      tag: TAG,
      summary: 'Remove a server',
      description: 'It can be restored.',
      access: 'operator',
      params: pathParam,
      query: waitQuery,
      current,
      answers: changeAnswers(200, 'Removed; this is its last state.'),
      handle: async ({ actor, params, query, ifRevision }) =>
        answerChange(deps, 200, await servers.remove(actor, params.path, ifRevision), query.wait),
    }),
    endpoint({
      method: 'get',
      path: '/api/removed-servers',
      tag: TAG,
      summary: 'List removed servers',
      description: 'Those that POST /api/servers/{path}/restore can restore.',
      access: 'viewer',
      query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
      answers: { 200: { description: 'The last removed first.', schema: removedServers } },
      handle: async ({ query }) => ({ status: 200, body: { items: await servers.removed(query.limit) } }),
    }),
    endpoint({
      method: 'post',
      path: '/api/servers/{path}/restore',
      tag: TAG,
      summary: 'Undo a removal',
      access: 'operator',
      params: pathParam,
      query: waitQuery,
      answers: changeAnswers(200, 'Restored.'),
      handle: async ({ actor, params, query }) =>
        answerChange(deps, 200, await servers.restore(actor, params.path), query.wait),
    }),
  ];
}
