import { z } from 'zod';
import { healthHistory } from '../../contract/index.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { pathParam } from '../params.ts';
import type { HealthPart } from '../parts.ts';

/** How a server was over time. */
export function healthEndpoints(health: HealthPart): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/health',
      tag: 'Servers',
      summary: 'Health history of a server',
      access: 'viewer',
      params: pathParam,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(60) }),
      answers: { 200: { description: 'Checks, newest first, and the latency over them.', schema: healthHistory } },
      handle: async ({ params, query }) => ({ status: 200, body: await health.history(params.path, query.limit) }),
    }),
  ];
}
