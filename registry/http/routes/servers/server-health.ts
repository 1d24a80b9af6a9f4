import { z } from 'zod';
import {
  bridgeOutput,
  healthHistories,
  healthHistory,
  probeResponse,
  probeInput,
  probeResult,
  type ProbeInput,
  type ProbeTarget,
} from '../../../contract/index.ts';
import { scanTools } from '../../../tools/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Servers';

/** A URL as written, with its query separate: the query is a secret and is never logged. */
function toTarget({ url, ...rest }: ProbeInput): ProbeTarget {
  const at = url.indexOf('?');
  return at < 0 ? { ...rest, url, query: '' } : { ...rest, url: url.slice(0, at), query: url.slice(at + 1) };
}

/** Probes of backends, registered or not, and their health over time. */
export function serverHealthEndpoints({ health, bridge }: Pick<AppDeps, 'health' | 'bridge'>): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/probe',
      tag: TAG,
      summary: 'What is at this URL?',
      description: 'Transport, era and tools, before anything is saved.',
      access: 'operator',
      body: probeInput,
      example: { url: 'http://127.0.0.1:8000' },
      answers: {
        200: { description: 'What was found; `problem` and `remedy` where nothing was.', schema: probeResponse },
      },
      handle: async ({ body }) => {
        const found = await health.probe(toTarget(body));
        return { status: 200, body: { ...found, findings: await scanTools(found.tools) } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/servers/{path}/refresh',
      tag: TAG,
      summary: 'Check a server now',
      description: 'Probes it and lists its tools now; answers with the result.',
      access: 'operator',
      params: pathParam,
      answers: { 200: { description: 'What was found.', schema: probeResult } },
      handle: async ({ params }) => ({ status: 200, body: await health.refresh(params.path) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/health',
      tag: TAG,
      summary: 'Health history of a server',
      access: 'viewer',
      params: pathParam,
      query: z.object({ limit: z.coerce.number().int().min(1).max(2000).default(60) }),
      answers: { 200: { description: 'Checks, newest first, and the latency over them.', schema: healthHistory } },
      handle: async ({ params, query }) => ({ status: 200, body: await health.history(params.path, query.limit) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/checks',
      tag: TAG,
      summary: 'Health history of several servers',
      description: 'For a page of a list in one request; paths that are not registered are left out.',
      access: 'viewer',
      query: z.object({
        paths: z
          .string()
          .max(20_000)
          .transform((written) => written.split(',').filter((path) => path !== ''))
          .pipe(z.array(z.string().max(120)).max(100))
          .describe('paths of at most 100 servers, separated by commas'),
        limit: z.coerce.number().int().min(1).max(200).default(40),
      }),
      answers: { 200: { description: 'Checks, newest first, and the latency over them.', schema: healthHistories } },
      handle: async ({ query: { paths, limit } }) => {
        const found = await Promise.allSettled(
          paths.map(async (path) => ({ path, ...(await health.history(path, limit)) })),
        );
        return {
          status: 200,
          body: { items: found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])) },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/output',
      tag: TAG,
      summary: 'Output of a program',
      description:
        'The last lines that the processes of a server wrote outside the protocol; `after` is the number of the last known line.',
      // A program may write secrets to its output.
      access: 'operator',
      params: pathParam,
      query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
      answers: { 200: { description: 'Lines, oldest first.', schema: bridgeOutput } },
      handle: async ({ params, query }) => ({ status: 200, body: await bridge.output(params.path, query.after) }),
    }),
  ];
}
