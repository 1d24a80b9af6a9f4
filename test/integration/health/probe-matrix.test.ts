import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { ProbeResult } from '../../../registry/contract/index.ts';
import { probe } from '../../../registry/health/probe.ts';
import type { ProbeTarget } from '../../../registry/health/probe-parts.ts';
import { createSystemGuard } from '../../../registry/health/upstream-guard.ts';
import { freePort } from '../servers/running.ts';
import { ECHO, startHttp, startLegacy, startModern, startSse, startTcp, type Backend } from './backends.ts';

const running: Backend[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((backend) => backend.close()));
});
async function use<B extends Backend>(starting: Promise<B>): Promise<B> {
  const backend = await starting;
  running.push(backend);
  return backend;
}

const guard = createSystemGuard(() => null);
const look = (url: string, changes: Partial<ProbeTarget> = {}, timeoutMs = 10_000): Promise<ProbeResult> =>
  probe(
    { url, query: '', headers: {}, hostMode: 'upstream', transport: 'auto', ...changes },
    { guard, timeoutMs, publicHost: 'gw.example' },
  );

/** Waits until the backend has nothing of us any more. */
async function untilFree(backend: Backend): Promise<void> {
  while (backend.sockets() > 0 || backend.sessions() > 0) await sleep(10);
}

test('legacy Streamable HTTP: found below the base URL, session ended, sockets closed', async () => {
  const backend = await use(startLegacy());
  for (const url of [
    backend.url,
    `${backend.url}/`,
    `${backend.url}/mcp`,
    `${backend.url}/mcp?key=value`.split('?')[0] ?? '',
  ]) {
    const seen = await look(url);
    expect(seen).toMatchObject({
      observed: 'healthy',
      transport: 'streamable-http',
      era: 'legacy',
      protocolVersion: '2025-11-25',
      endpoints: { mcp: `${backend.url}/mcp`, sse: null },
      problem: null,
      tools: [ECHO],
    });
  }
  await untilFree(backend);
});

test('modern only: spoken to in its own era', async () => {
  const backend = await use(startModern());
  expect(await look(`${backend.url}/mcp`)).toMatchObject({
    observed: 'healthy',
    era: 'modern',
    protocolVersion: '2026-07-28',
    tools: [ECHO],
  });
  await untilFree(backend);
});

test.each(['root', 'absolute', 'relative'] as const)('legacy SSE with a %s endpoint event', async (form) => {
  const backend = await use(startSse({ tools: [ECHO] }, form));
  const written = { root: '/message', absolute: `${backend.url}/message`, relative: 'message' }[form];
  for (const url of [backend.url, `${backend.url}/sse`])
    expect(await look(url)).toMatchObject({
      observed: 'healthy',
      transport: 'sse',
      endpoints: {
        mcp: null,
        sse: `${backend.url}/sse`,
        message: '/message',
        messageForm: form,
        messageWritten: written,
      },
      tools: [ECHO],
    });
  await untilFree(backend);
});

interface Case {
  name: string;
  start: () => Promise<Backend>;
  observed: ProbeResult['observed'];
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
    observed: 'auth_required',
    problem: /asks for a credential \(HTTP 401: no token\)/,
    remedy: /headers\.Authorization/,
  },
  {
    name: '403 for want of a credential',
    start: () => answer(403, 'text/plain', 'forbidden'),
    observed: 'auth_required',
    problem: /refuses the gateway \(HTTP 403: forbidden\)/,
    remedy: /needs its own credential/,
  },
  {
    name: '403 by Host',
    start: () => answer(403, 'text/plain', 'Access is only allowed at localhost:3914'),
    observed: 'unhealthy',
    problem: /rejects the Host header 127\.0\.0\.1:\d+ \(HTTP 403: Access is only allowed at localhost:3914\)/,
    remedy: /hostMode .*allowed hosts/,
  },
  {
    name: '421 by Host',
    start: () => answer(421, 'text/plain', 'Invalid Host header'),
    observed: 'unhealthy',
    problem: /rejects the Host header/,
    remedy: /allowed hosts/,
  },
  {
    name: '404 everywhere',
    start: () => answer(404, 'text/plain', 'nothing here'),
    observed: 'unhealthy',
    problem: /there is no MCP endpoint at .* \(HTTP 404\)/,
    remedy: /full address/,
  },
  {
    name: '405 everywhere',
    start: () => answer(405, 'text/plain', ''),
    observed: 'unhealthy',
    problem: /does not accept (POST|GET) \(HTTP 405\)/,
    remedy: /full address/,
  },
  {
    name: '406 everywhere',
    start: () => answer(406, 'text/plain', ''),
    observed: 'unhealthy',
    problem: /refuses MCP messages \(HTTP 406\)/,
    remedy: /Streamable HTTP/,
  },
  {
    name: '429',
    start: () => answer(429, 'text/plain', ''),
    observed: 'degraded',
    problem: /limits requests/,
    remedy: /HEALTH_CRON/,
  },
  {
    name: '500',
    start: () => answer(500, 'application/json', '{"message":"database is gone"}'),
    observed: 'unhealthy',
    problem: /fails with HTTP 500: database is gone/,
    remedy: /log of the server/,
  },
  {
    name: 'HTML 200',
    start: () => answer(200, 'text/html', '<!doctype html><title>Welcome to nginx</title>'),
    observed: 'unhealthy',
    problem: /answers with a web page, not MCP/,
    remedy: /full address/,
  },
  {
    name: 'JSON that is not MCP',
    start: () => answer(200, 'application/json', '{"status":"ok"}'),
    observed: 'unhealthy',
    problem: /answers with JSON that is not MCP/,
    remedy: /full address/,
  },
  {
    name: 'text that is not MCP',
    start: () => answer(200, 'text/plain', 'hello'),
    observed: 'unhealthy',
    problem: /does not answer with MCP \(text\/plain\)/,
    remedy: /full address/,
  },
  {
    name: 'a redirect to another host',
    start: () => answer(307, 'text/plain', '', { location: 'http://169.254.169.254/latest?token=x' }),
    observed: 'unhealthy',
    problem: /redirects to http:\/\/169\.254\.169\.254\/latest \(HTTP 307\)/,
    remedy: /follows no redirect to another host/,
  },
  {
    name: 'resets',
    start: () => startTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    observed: 'unhealthy',
    problem: /closed the connection without an answer/,
    remedy: /log of the server/,
  },
  {
    name: 'does not speak HTTP',
    start: () => startTcp((socket) => socket.once('data', () => socket.write('220 mail.example ESMTP\r\n'))),
    observed: 'unhealthy',
    problem: /does not speak HTTP/,
    remedy: /port/,
  },
];

test.each(cases)('$name: the right status, cause and remedy, and nothing is left open', async (it) => {
  const backend = await use(it.start());
  const seen = await look(backend.url);
  expect(seen).toMatchObject({ observed: it.observed, tools: [], endpoints: null });
  expect(seen.problem).toMatch(it.problem);
  expect(seen.remedy).toMatch(it.remedy);
  await untilFree(backend);
});

test('a server that hangs is unhealthy, never healthy, and is let go', async () => {
  const backend = await use(startHttp(() => undefined));
  const seen = await look(backend.url, {}, 300);
  expect(seen).toMatchObject({
    observed: 'unhealthy',
    problem: expect.stringContaining('did not answer within 300 ms') as string,
  });
  await untilFree(backend);
});

test('a server that accepts the handshake and then hangs is let go, its session ended', async () => {
  const tools = [ECHO];
  const backend = await use(startLegacy({ tools }));
  // tools/list never ends: the list is a getter that never comes.
  const hanging = await use(
    startHttp((request, response) => {
      void (async () => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        if (body.includes('tools/list')) return;
        const reply = await fetch(backend.url + (request.url ?? ''), {
          method: request.method ?? 'GET',
          headers: Object.fromEntries(
            Object.entries(request.headers).filter(
              ([name]) => !['host', 'connection', 'content-length'].includes(name),
            ),
          ) as Record<string, string>,
          ...(body === '' ? {} : { body }),
        });
        response.writeHead(
          reply.status,
          Object.fromEntries([...reply.headers].filter(([name]) => name !== 'transfer-encoding')),
        );
        for await (const chunk of reply.body ?? []) response.write(chunk);
        response.end();
      })().catch(() => response.destroy());
    }),
  );
  const seen = await look(hanging.url, {}, 1_500);
  expect(seen).toMatchObject({ observed: 'unhealthy', problem: expect.stringContaining('did not answer') as string });
  await untilFree(hanging);
  while (backend.sessions() > 0) await sleep(10);
});

test('a server that is not there, and a name that does not exist', async () => {
  expect((await look(`http://127.0.0.1:${await freePort()}`)).problem).toMatch(/refused the connection/);
  expect((await look('http://no-such-host.invalid/mcp')).problem).toBe('the name no-such-host.invalid does not exist');
  const backend = await use(startLegacy());
  expect(await look(backend.url.replace('http:', 'https:'))).toMatchObject({
    problem: expect.stringContaining('does not speak TLS') as string,
  });
});

test('no credential and no query ever stands in a text, even when the server says it back', async () => {
  const backend = await use(
    startHttp((request, response) => {
      response
        .writeHead(401, { 'content-type': 'text/plain' })
        .end(`bad: ${String(request.headers.authorization)} at ${String(request.url)}`);
    }),
  );
  const seen = await look(backend.url, {
    headers: { Authorization: 'Bearer s3cret-value' },
    query: 'token=qu3ry-value',
  });
  expect(seen.observed).toBe('auth_required');
  expect(seen.remedy).toMatch(/was not accepted/);
  expect(JSON.stringify(seen)).not.toMatch(/s3cret|qu3ry/);
});

test('hostMode decides which Host the backend sees', async () => {
  const hosts: (string | undefined)[] = [];
  const backend = await use(
    startHttp((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(500).end();
    }),
  );
  await look(backend.url);
  await look(backend.url, { hostMode: 'public' });
  expect([...new Set(hosts)]).toEqual([`127.0.0.1:${backend.port}`, 'gw.example']);
});

test('the address is the one that was allowed: a refused one is never connected to', async () => {
  const backend = await use(startLegacy());
  const refusing = createSystemGuard((address) => (address === '127.0.0.1' ? `${address} is refused` : null));
  const target = { query: '', headers: {}, hostMode: 'upstream', transport: 'auto' } as const;
  const options = { timeoutMs: 5_000, publicHost: 'gw.example' };
  const seen = await probe({ ...target, url: backend.url }, { ...options, guard: refusing });
  expect(seen.problem).toBe('the address may not be a backend: 127.0.0.1 is refused');
  // A name that is answered differently the second time (DNS rebinding) has no second time.
  let asked = 0;
  const rebinding = {
    refuse: (address: string) => (address === '127.0.0.2' ? 'no' : null),
    resolve: () => Promise.resolve([(asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1']),
  };
  await probe({ ...target, url: `http://rebind.test:${backend.port}` }, { ...options, guard: rebinding });
  expect(backend.requests()).toBe(0);
});

test('a redirect on the same host leads to the endpoint', async () => {
  const backend = await use(startLegacy());
  const redirecting = await use(
    startHttp((request, response) => {
      if (request.url === '/mcp/') {
        void (async () => {
          let body = '';
          for await (const chunk of request) body += String(chunk);
          const reply = await fetch(`${backend.url}/mcp`, {
            method: request.method ?? 'GET',
            headers: Object.fromEntries(
              Object.entries(request.headers).filter(([name]) => /^(accept|content-type|mcp-)/.test(name)),
            ) as Record<string, string>,
            ...(body === '' ? {} : { body }),
          });
          response.writeHead(reply.status, Object.fromEntries(reply.headers));
          response.end(Buffer.from(await reply.arrayBuffer()));
        })().catch(() => response.destroy());
      } else response.writeHead(307, { location: `${String(request.url)}/` }).end();
    }),
  );
  expect(await look(`${redirecting.url}/mcp`)).toMatchObject({
    endpoints: { mcp: `${redirecting.url}/mcp/` },
  });
});

test('hostile lists are bounded and refused in words', async () => {
  const cyclic = await use(
    startLegacy({
      tools: [
        { ...ECHO, name: 'a' },
        { ...ECHO, name: 'a' },
      ],
    }),
  );
  expect((await look(cyclic.url)).problem).toMatch(/lists the tool "a" twice/);
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 200; level += 1) deep = { properties: deep };
  const nested = await use(startLegacy({ tools: [{ name: 'deep', inputSchema: { type: 'object', ...deep } }] }));
  expect(await look(nested.url)).toMatchObject({
    observed: 'degraded',
    problem: expect.stringMatching(/nested deeper/) as string,
  });
  const large = await use(startLegacy({ tools: [{ ...ECHO, description: 'x'.repeat(17 * 1024 * 1024) }] }));
  expect(await look(large.url)).toMatchObject({
    observed: 'degraded',
    problem: expect.stringMatching(/larger than a check reads/) as string,
  });
});
