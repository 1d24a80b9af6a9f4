import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { startHttp } from '../backends.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, register } = prepareHealth();

interface Seen {
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server of the legacy era that records the requests it receives. */
function record(seen: Seen[]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ headers: request.headers, body });
    const message = (body === '' ? {} : JSON.parse(body)) as { id?: number; method?: string };
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'recorder', version: '1' },
      },
      'tools/list': { tools: [] },
    };
    if (request.method !== 'POST') response.writeHead(405).end();
    else if (message.id === undefined) response.writeHead(202).end();
    else {
      const result = results[message.method ?? ''];
      const answer = result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer }));
    }
  };
}

test('no check identifies the gateway, so that a server cannot list different tools to it than to agents', async () => {
  const seen: Seen[] = [];
  const handle = record(seen);
  const backend = await use(startHttp((request, response) => void handle(request, response)));
  await register('recorder', `${backend.url}/mcp`);
  const full = seen.length;
  await it.health.sweep();
  await waitFor('the light check', () => seen.length > full);
  expect(JSON.stringify(seen)).not.toMatch(/mcpgw|gateway|checker|health/i);
  expect(new Set(seen.map(({ headers }) => headers['user-agent']))).toEqual(new Set(['node']));
  const infos = seen.flatMap(({ body }) => /"clientInfo":(\{[^}]*\})/.exec(body)?.[1] ?? []);
  expect(new Set(infos).size).toBe(1);
  expect(infos.length).toBeGreaterThanOrEqual(2);
});
