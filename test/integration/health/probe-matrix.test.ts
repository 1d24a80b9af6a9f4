import { afterEach, expect, test } from 'vitest';
import type { ProbeResult } from '../../../registry/contract/index.ts';
import { ECHO, startHttp, startLegacy, startModern, startSse, startTcp, type Backend } from './backends.ts';
import { createBackends, probeUrl, waitUntilReleased } from './probe-backend.ts';

const { use, close } = createBackends();
afterEach(close);

test('legacy Streamable HTTP: found below the base URL, session ended, sockets closed', async () => {
  const backend = await use(startLegacy());
  for (const url of [backend.url, `${backend.url}/`, `${backend.url}/mcp`]) {
    const seen = await probeUrl(url);
    expect(seen).toMatchObject({
      health: 'healthy',
      transport: 'streamable-http',
      era: 'legacy',
      protocolVersion: '2025-11-25',
      endpoints: { mcp: `${backend.url}/mcp`, sse: null },
      problem: null,
      tools: [ECHO],
    });
  }
  await waitUntilReleased(backend);
});

test('modern only: spoken to in its own era', async () => {
  const backend = await use(startModern());
  expect(await probeUrl(`${backend.url}/mcp`)).toMatchObject({
    health: 'healthy',
    era: 'modern',
    protocolVersion: '2026-07-28',
    tools: [ECHO],
  });
  await waitUntilReleased(backend);
});

test.each(['root', 'absolute', 'relative'] as const)('legacy SSE with a %s endpoint event', async (form) => {
  const backend = await use(startSse({ tools: [ECHO] }, form));
  for (const url of [backend.url, `${backend.url}/sse`])
    expect(await probeUrl(url)).toMatchObject({
      health: 'healthy',
      transport: 'sse',
      endpoints: { mcp: null, sse: `${backend.url}/sse` },
      tools: [ECHO],
    });
  await waitUntilReleased(backend);
});

interface Case {
  name: string;
  start: () => Promise<Backend>;
  health: ProbeResult['health'];
  problem: RegExp;
  remedy: RegExp;
}
const answer = (status: number, type: string, body: string, headers: Record<string, string> = {}) =>
  startHttp((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': type, ...headers }).end(body));
  });

const cases: Case[] = [
  {
    name: '401',
    start: () => answer(401, 'application/json', '{"error":"no token"}', { 'www-authenticate': 'Bearer' }),
    health: 'auth_required',
    problem: /requires a credential \(HTTP 401: no token\)/,
    remedy: /headers\.Authorization/,
  },
  {
    name: '403 for want of a credential',
    start: () => answer(403, 'text/plain', 'forbidden'),
    health: 'auth_required',
    problem: /rejects the gateway \(HTTP 403: forbidden\)/,
    remedy: /needs its own credential/,
  },
  {
    name: '403 by Host',
    start: () => answer(403, 'text/plain', 'Access is only allowed at localhost:3914'),
    health: 'unhealthy',
    problem: /rejects the Host header 127\.0\.0\.1:\d+ \(HTTP 403: Access is only allowed at localhost:3914\)/,
    remedy: /hostMode .*allowed hosts/,
  },
  {
    name: '421 by Host',
    start: () => answer(421, 'text/plain', 'Invalid Host header'),
    health: 'unhealthy',
    problem: /rejects the Host header/,
    remedy: /allowed hosts/,
  },
  {
    name: '404 everywhere',
    start: () => answer(404, 'text/plain', 'nothing here'),
    health: 'unhealthy',
    problem: /There is no MCP endpoint at .* \(HTTP 404\)/,
    remedy: /full address/,
  },
  {
    name: '405 everywhere',
    start: () => answer(405, 'text/plain', ''),
    health: 'unhealthy',
    problem: /does not accept (POST|GET) \(HTTP 405\)/,
    remedy: /full address/,
  },
  {
    name: '406 everywhere',
    start: () => answer(406, 'text/plain', ''),
    health: 'unhealthy',
    problem: /rejects MCP messages \(HTTP 406\)/,
    remedy: /Streamable HTTP/,
  },
  {
    name: '429',
    start: () => answer(429, 'text/plain', ''),
    health: 'degraded',
    problem: /limits requests/,
    remedy: /HEALTH_CRON/,
  },
  {
    name: '500',
    start: () => answer(500, 'application/json', '{"message":"database is gone"}'),
    health: 'unhealthy',
    problem: /fails with HTTP 500: database is gone/,
    remedy: /log of the server/,
  },
  {
    name: 'HTML 200',
    start: () => answer(200, 'text/html', '<!doctype html><title>Welcome to nginx</title>'),
    health: 'unhealthy',
    problem: /responds with a web page, not MCP/,
    remedy: /full address/,
  },
  {
    name: 'JSON that is not MCP',
    start: () => answer(200, 'application/json', '{"status":"ok"}'),
    health: 'unhealthy',
    problem: /responds with JSON that is not MCP/,
    remedy: /full address/,
  },
  {
    name: 'text that is not MCP',
    start: () => answer(200, 'text/plain', 'hello'),
    health: 'unhealthy',
    problem: /does not respond with MCP \(text\/plain\)/,
    remedy: /full address/,
  },
  {
    name: 'a redirect to another host',
    start: () => answer(307, 'text/plain', '', { location: 'http://169.254.169.254/latest?token=x' }),
    health: 'unhealthy',
    problem: /redirects to http:\/\/169\.254\.169\.254\/latest \(HTTP 307\)/,
    remedy: /follows no redirect to another host/,
  },
  {
    name: 'resets',
    start: () => startTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    health: 'unhealthy',
    problem: /closed the connection without a response/,
    remedy: /log of the server/,
  },
  {
    name: 'does not support HTTP',
    start: () => startTcp((socket) => socket.once('data', () => socket.write('220 mail.example ESMTP\r\n'))),
    health: 'unhealthy',
    problem: /does not support HTTP/,
    remedy: /port/,
  },
];

test.each(cases)('$name: the right status, cause and remedy, and nothing is left open', async (it) => {
  const backend = await use(it.start());
  const seen = await probeUrl(backend.url);
  expect(seen).toMatchObject({ health: it.health, tools: [], endpoints: null });
  expect(seen.problem).toMatch(it.problem);
  expect(seen.remedy).toMatch(it.remedy);
  await waitUntilReleased(backend);
});
