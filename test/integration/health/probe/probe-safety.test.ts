import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { probe } from '../../../../registry/health/probe/probe.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { createSystemGuard } from '../../../support/registry/system-guard.ts';
import { freePort } from '../../servers/running.ts';
import { ECHO, startHttp, startLegacy } from '../backends.ts';
import { createBackends, probeUrl, waitUntilReleased } from './probe-backend.ts';

const { use, close } = createBackends();
afterEach(close);

test('a server that hangs is unhealthy, never healthy, and its connection is closed', async () => {
  const backend = await use(startHttp(() => undefined));
  const seen = await probeUrl(backend.url, {}, 300);
  expect(seen).toMatchObject({
    health: 'unhealthy',
    problem: expect.stringContaining('did not respond within 300 ms') as string,
  });
  await waitUntilReleased(backend);
});

test('a server that completes the handshake and then hangs: its session is ended', async () => {
  const tools = [ECHO];
  const backend = await use(startLegacy({ tools }));
  // tools/list is never answered.
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
  const seen = await probeUrl(hanging.url, {}, 1_500);
  expect(seen).toMatchObject({
    health: 'degraded',
    problem: expect.stringMatching(/did not respond .* tools\/list/) as string,
  });
  await waitUntilReleased(hanging);
  await waitFor('the session to end', () => backend.sessions() === 0);
});

test('an unreachable server, an unknown name, a blocked port and missing TLS are reported', async () => {
  expect((await probeUrl(`http://127.0.0.1:${await freePort()}`)).problem).toMatch(/refused the connection/);
  expect((await probeUrl('http://no-such-host.invalid/mcp')).problem).toMatch(
    /^The name no-such-host\.invalid does not exist\. /,
  );
  const blocked = await probeUrl('http://127.0.0.1:10080');
  expect(blocked.problem).toMatch(/^It cannot be checked: web clients refuse to connect to port 10080\. /);
  const backend = await use(startLegacy());
  expect(await probeUrl(backend.url.replace('http:', 'https:'))).toMatchObject({
    problem: expect.stringContaining('does not support TLS') as string,
  });
});

test('no text contains a credential or a query, even if the server echoes it', async () => {
  const backend = await use(
    startHttp((request, response) => {
      response
        .writeHead(401, { 'content-type': 'text/plain' })
        .end(`bad: ${String(request.headers.authorization)} at ${String(request.url)}`);
    }),
  );
  const seen = await probeUrl(backend.url, {
    headers: { Authorization: 'Bearer s3cret-value' },
    query: 'token=qu3ry-value',
  });
  expect(seen.health).toBe('auth_required');
  expect(seen.remedy).toMatch(/was not accepted/);
  expect(JSON.stringify(seen)).not.toMatch(/s3cret|qu3ry/);
});

test('hostMode determines the Host that the backend receives', async () => {
  const hosts: (string | undefined)[] = [];
  const backend = await use(
    startHttp((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(500).end();
    }),
  );
  await probeUrl(backend.url);
  await probeUrl(backend.url, { hostMode: 'public' });
  expect([...new Set(hosts)]).toEqual([`127.0.0.1:${backend.port}`, 'gw.example']);
});

test('only an allowed address is connected to, never a refused one', async () => {
  const backend = await use(startLegacy());
  const refusing = createSystemGuard((address) => (address === '127.0.0.1' ? `${address} is refused` : null));
  const target = { query: '', headers: {}, hostMode: 'upstream', transport: 'auto' } as const;
  const options = { timeoutMs: 5_000, publicHost: 'gw.example' };
  const seen = await probe({ ...target, url: backend.url }, { ...options, guard: refusing });
  expect(seen.problem).toMatch(/^The address may not be a backend: 127\.0\.0\.1 is refused\. /);
  // A name that resolves differently the second time (DNS rebinding) is not resolved a second time.
  let lookups = 0;
  const rebinding = {
    checkAddress: (address: string) => (address === '127.0.0.2' ? 'no' : null),
    resolve: () => Promise.resolve([(lookups += 1) === 1 ? '127.0.0.2' : '127.0.0.1']),
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
  expect(await probeUrl(`${redirecting.url}/mcp`)).toMatchObject({
    endpoints: { mcp: `${redirecting.url}/mcp/` },
  });
});

test('hostile lists are limited and rejected with the reason', async () => {
  const cyclic = await use(
    startLegacy({
      tools: [
        { ...ECHO, name: 'a' },
        { ...ECHO, name: 'a' },
      ],
    }),
  );
  expect((await probeUrl(cyclic.url)).problem).toMatch(/Its tools\/list contains "a" twice/);
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 200; level += 1) deep = { properties: deep };
  const nested = await use(startLegacy({ tools: [{ name: 'deep', inputSchema: { type: 'object', ...deep } }] }));
  expect(await probeUrl(nested.url)).toMatchObject({
    health: 'degraded',
    problem: expect.stringMatching(/nested deeper/) as string,
  });
  const large = await use(startLegacy({ tools: [{ ...ECHO, description: 'x'.repeat(17 * 1024 * 1024) }] }));
  expect(await probeUrl(large.url)).toMatchObject({
    health: 'degraded',
    problem: expect.stringMatching(/exceeds the size limit of a check/) as string,
  });
});

test('https: an untrusted certificate is reported, a trusted one is accepted for its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const flags = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...flags, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const ca = readFileSync(cert, 'utf8');
  const legacy = await use(startLegacy());
  const names: unknown[] = [];
  const server = createServer({ key: readFileSync(key), cert: ca }, (socket) => {
    names.push(socket.servername);
    const behind = connect(legacy.port, '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const target = { query: '', headers: {}, hostMode: 'public', transport: 'auto' } as const;
  const options = { guard: createSystemGuard(), timeoutMs: 10_000, publicHost: 'gw.example' };
  const ask = (host: string, trusted?: string) =>
    probe({ ...target, url: `https://${host}:${port}` }, { ...options, ca: trusted });
  expect((await ask('localhost')).problem).toMatch(/certificate of localhost is not trusted/);
  expect((await ask('127.0.0.1', ca)).problem).toMatch(/certificate of 127\.0\.0\.1 is for/);
  expect(await ask('localhost', ca)).toMatchObject({
    health: 'healthy',
    endpoints: { mcp: `https://localhost:${port}/mcp` },
  });
  // The name of the URL is sent as SNI, even if another Host is sent.
  expect(names).toContain('localhost');
  expect(names).not.toContain('gw.example');
  server.close();
  rmSync(folder, { recursive: true });
});
