import { z } from 'zod';
import {
  generationDetail,
  generationDiff,
  generationView,
  pageOf,
  pageQuery,
  rollbackInput,
  type RollbackInput,
  serverConfig,
  workersView,
} from '../../../contract/index.ts';
import { cutPage, readCursor } from '../../framework/cursor.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { numberParam, pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Publishing';
const diffQuery = z.object({
  from: z.coerce.number().int().min(0).optional().describe('generation to compare with; the previous one when absent'),
});

/** What was published, what would be, and rollback. */
export function generationEndpoints({ publisher }: Pick<AppDeps, 'publisher'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/generations',
      tag: TAG,
      summary: 'List generations',
      access: 'viewer',
      query: pageQuery,
      answers: { 200: { description: 'A page of generations, newest first.', schema: pageOf(generationView) } },
      handle: async ({ query: { limit, cursor } }) => {
        const beforeNumber = readCursor('number', cursor);
        const found = await publisher.list({ limit: limit + 1, beforeNumber });
        return { status: 200, body: cutPage(found, limit, ({ number }) => number) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/generations/preview',
      tag: TAG,
      summary: 'What the next publish would change',
      access: 'viewer',
      answers: { 200: { description: 'A diff against the serving generation.', schema: generationDiff } },
      handle: async () => ({ status: 200, body: await publisher.preview() }),
    }),
    endpoint({
      method: 'get',
      path: '/api/generations/{number}',
      tag: TAG,
      summary: 'Show a generation with its files',
      access: 'viewer',
      params: numberParam,
      answers: { 200: { description: 'Rendered files never contain secrets.', schema: generationDetail } },
      handle: async ({ params }) => ({ status: 200, body: await publisher.detail(params.number) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/generations/{number}/diff',
      tag: TAG,
      summary: 'What a generation changed',
      access: 'viewer',
      params: numberParam,
      query: diffQuery,
      answers: { 200: { description: 'Unified diffs of its files.', schema: generationDiff } },
      handle: async ({ params, query }) => ({ status: 200, body: await publisher.diff(params.number, query.from) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/generations/{number}/rollback',
      tag: TAG,
      summary: 'Roll back to a generation',
      description: 'Serves its configuration again, as a new recorded change.',
      access: 'operator',
      params: numberParam,
      body: rollbackInput,
      bodyOptional: true,
      example: { reason: 'the new server at /weather takes all connections' },
      answers: { 200: { description: 'The generation that serves now.', schema: generationView } },
      handle: async ({ actor, params, body }) => {
        // The body is optional: the type always has it, the request may not.
        const { reason } = (body as RollbackInput | undefined) ?? {};
        return { status: 200, body: await publisher.rollback(actor, params.number, reason) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/workers',
      tag: TAG,
      summary: 'Which NGINX workers serve, which drain',
      access: 'viewer',
      answers: { 200: { description: 'All workers of this gateway.', schema: workersView } },
      handle: async () => ({ status: 200, body: await publisher.workers() }),
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/config',
      tag: TAG,
      summary: "A server's part of the NGINX configuration",
      access: 'viewer',
      params: pathParam,
      answers: { 200: { description: 'As it currently serves.', schema: serverConfig } },
      handle: async ({ params }) => ({ status: 200, body: await publisher.config(params.path) }),
    }),
  ];
}
