import { z } from 'zod';
import { readClientServer } from '@mcpgw/config';
import { serverInput, type ServerView } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import type { AppDeps } from '../../app-deps.ts';
import { requireAdminForPrograms } from '../../auth/require-admin-for-programs.ts';
import { answerChange, waitQuery } from '../../framework/answer-change.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { explainIssues } from '../../../lib/explain-issues.ts';
import { pathParam } from '../../framework/params.ts';

export const COMPATIBILITY = 'Routes of other gateways';

const listed = z.object({
  id: z.string(),
  transport: z.string(),
  url: z.string().describe('of the server at this gateway'),
  description: z.string(),
  status: z.enum(['connected', 'ready', 'disconnected']).describe('ready: a program that is started by the first call'),
  last_heartbeat: z.string().nullable().describe('when it was checked last'),
  tools_cached: z.int(),
});
const registered = z.object({ message: z.string(), id: z.string(), applied: z.boolean() });
const removed = registered;
const entry = z.looseObject({
  id: z.string().min(1).max(200).describe('becomes its path'),
  transport: z.enum(['stdio', 'sse', 'docker-stdio', 'http', 'streamable-http']).optional(),
  command: z.string().optional(),
  args: z.array(z.string()).optional(),
  url: z.string().optional(),
  container: z.string().optional(),
});

function statusOf({ health, enabled }: ServerView): z.output<typeof listed>['status'] {
  if (!enabled) return 'disconnected';
  if (health === 'idle') return 'ready';
  return health === 'healthy' || health === 'degraded' ? 'connected' : 'disconnected';
}

function list(view: ServerView): z.output<typeof listed> {
  const { path, transport, description, gatewayUrl, lastCheckedAt, toolCount } = view;
  const shown = { id: path, transport, url: gatewayUrl, description, status: statusOf(view) };
  return { ...shown, last_heartbeat: lastCheckedAt, tools_cached: toolCount };
}

/** The catalogue in the format that scripts for another gateway request. */
export function registryServerEndpoints(deps: Pick<AppDeps, 'servers' | 'publisher'>): Endpoint[] {
  const { servers } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/registry/servers',
      tag: COMPATIBILITY,
      summary: 'List the servers that the key may use',
      access: 'agent',
      answers: { 200: { description: 'Sorted by id.', schema: z.array(listed) } },
      handle: async ({ holder }) => {
        const all = await servers.all();
        return { status: 200, body: all.filter(({ path }) => holder?.mayUse(path)).map(list) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/registry/servers',
      tag: COMPATIBILITY,
      summary: 'Register a server',
      description: 'For existing scripts; POST /api/servers is the API. Programs and containers need the role admin.',
      access: 'operator',
      query: waitQuery,
      body: entry,
      example: { id: 'remote-ai-service', transport: 'sse', url: 'http://127.0.0.1:8000/mcp' },
      answers: {
        201: { description: 'Registered.', schema: registered },
        202: { description: 'Stored; the data plane does not serve it yet.', schema: registered },
      },
      handle: async ({ actor, caller, body: { id, ...written }, query }) => {
        const read = readClientServer(id, written);
        if ('reason' in read)
          throw new RegistryError('invalid', `id: ${read.reason}`, { errors: [{ field: 'id', message: read.reason }] });
        const input = serverInput.safeParse({ path: read.path, ...read.server });
        if (!input.success) throw explainIssues(input.error, 'body');
        requireAdminForPrograms(caller, input.data);
        const reply = await answerChange(deps, 201, await servers.register(actor, input.data), query.wait);
        const { path, applied } = reply.body as { path: string; applied: boolean };
        return { ...reply, body: { message: `Server ${path} is registered`, id: path, applied } };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/registry/servers/{path}',
      takesRest: true,
      tag: COMPATIBILITY,
      summary: 'Remove a server',
      description: 'For existing scripts; DELETE /api/servers/{path} is the API.',
      access: 'operator',
      params: pathParam,
      query: waitQuery,
      answers: {
        200: { description: 'Removed.', schema: removed },
        202: { description: 'Stored; the data plane still serves it.', schema: removed },
      },
      handle: async ({ actor, params, query }) => {
        const reply = await answerChange(deps, 200, await servers.remove(actor, params.path), query.wait);
        const { path, applied } = reply.body as { path: string; applied: boolean };
        return { ...reply, body: { message: `Server ${path} is removed`, id: path, applied } };
      },
    }),
  ];
}
