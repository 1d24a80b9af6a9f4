import { z } from 'zod';
import { probeInput, probeResult, tool } from '../../contract/index.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { pathParam } from '../params.ts';
import type { DiscoveryPart } from '../parts.ts';

const TAG = 'Servers';

/** Looking at backends, registered or not. */
export function discoveryEndpoints(discovery: DiscoveryPart): Endpoint[] {
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
        200: { description: 'What was found; `problem` and `remedy` where nothing was.', schema: probeResult },
      },
      handle: async ({ body }) => ({ status: 200, body: await discovery.probe(body) }),
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
      handle: async ({ params }) => ({ status: 200, body: await discovery.refresh(params.path) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/servers/{path}/tools',
      tag: TAG,
      summary: 'Tools of a server',
      access: 'viewer',
      params: pathParam,
      answers: { 200: { description: 'As it listed them last.', schema: z.object({ items: z.array(tool) }) } },
      handle: async ({ params }) => ({ status: 200, body: { items: await discovery.tools(params.path) } }),
    }),
  ];
}
