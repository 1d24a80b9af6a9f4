import { z } from 'zod';
import { virtualVersions } from '../../../contract/index.ts';
import { answerChange, changeAnswers, waitQuery } from '../../framework/answer-change.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Servers';
const versionParam = pathParam.extend({ version: z.coerce.number().int().min(1) });

/** Versions of virtual servers. */
export function versionEndpoints(deps: Pick<AppDeps, 'servers' | 'publisher'>): Endpoint[] {
  const { servers } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/versions',
      tag: TAG,
      summary: 'List the versions of a virtual server',
      description: 'Each save with different tools creates one; the last 50 are stored.',
      access: 'viewer',
      params: pathParam,
      answers: { 200: { description: 'Newest first; the newest is in use.', schema: virtualVersions } },
      handle: async ({ params }) => ({ status: 200, body: { items: await servers.versions(params.path) } }),
    }),
    endpoint({
      method: 'post',
      path: '/api/servers/{path}/versions/{version}/restore',
      tag: TAG,
      summary: 'Use the tools of an earlier version again',
      description: 'They become the next version.',
      access: 'operator',
      params: versionParam,
      query: waitQuery,
      current: ({ path }) => servers.get(path),
      answers: changeAnswers(200, 'In use, or already in use.'),
      handle: async ({ actor, params: { path, version }, query, ifRevision }) =>
        answerChange(deps, 200, await servers.restoreVersion(actor, path, version, ifRevision), query.wait),
    }),
  ];
}
