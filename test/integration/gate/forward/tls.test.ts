import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { findFreePorts } from '../../../support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { planEndpoint, planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { requestHttp2, requestHttps, readShownCertificate } from '../../../support/tls/request-https.ts';
import { createAuthority } from '../../../support/tls/create-authority.ts';

const authority = createAuthority();
const at = (name: string) => join(authority.folder, name);
afterAll(() => authority.remove());

describe.each(NGINX_KINDS)('TLS on both sides of $name NGINX', (kind) => {
  let gate: RunningGate;
  let key: string;
  let tlsPort: number;
  let plainUrl: string;
  const names: (string | false | null)[] = [];
  /** Bytes of the bodies that the backend received. */
  const sizes: number[] = [];
  const server = { close: () => {}, url: '' };
  const body = callBody('x');
  const local = { servername: 'gateway.test', ca: authority.ca };
  const call = (path: string) =>
    requestHttps({
      ...local,
      port: tlsPort,
      path,
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, Host: 'gateway.test', 'Content-Type': 'application/json' },
      body,
    });

  beforeAll(async () => {
    const own = authority.issue(['gateway.test']);
    const wild = authority.issue(['*.mcp.test']);
    const backendCertificate = authority.issue(['backend.test']);
    const backend = createServer({ key: backendCertificate.key, cert: backendCertificate.cert }, (incoming, reply) => {
      names.push((incoming.socket as Partial<TLSSocket>).servername ?? null);
      let size = 0;
      incoming.on('data', (chunk: Buffer) => (size += chunk.length));
      incoming.on('end', () => sizes.push(size));
      reply.setHeader('Content-Type', 'application/json');
      reply.setHeader('Strict-Transport-Security', 'max-age=1');
      reply.end(JSON.stringify({ host: incoming.headers.host }));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    server.url = `https://127.0.0.1:${(backend.address() as AddressInfo).port}/mcp`;
    server.close = () => {
      backend.close();
      backend.closeAllConnections();
    };
    [tlsPort = 0] = await findFreePorts(1);
    const plan = (tlsName: string) => [
      planInstance('i1', null, { mcp: planEndpoint(server.url, { host: tlsName, tlsName }) }),
    ];
    mkdirSync(at('acme/.well-known/acme-challenge'), { recursive: true });
    writeFileSync(at('acme/.well-known/acme-challenge/token_1-x'), 'token_1-x.thumbprint');
    gate = await startGate(
      { ...kind, facts: { ...kind.facts, caFile: authority.caFile } },
      [
        { path: 'good', instances: plan('backend.test') },
        { path: 'other-name', instances: plan('other.test') },
      ],
      {
        tls: {
          port: tlsPort,
          url: 'https://gateway.test',
          certificates: [
            { names: ['gateway.test'], ...own },
            { names: ['*.mcp.test'], ...wild },
          ],
        },
        hstsMaxAgeS: 600,
        acmeWebroot: at('acme'),
      },
    );
    plainUrl = gate.url;
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    server.close();
  });

  test('the certificate of a backend is verified by the registered name, which is sent as SNI', async () => {
    expect(JSON.parse((await call('/good')).text)).toEqual({ host: 'backend.test' });
    expect(names.at(-1)).toBe('backend.test');
    const count = names.length;
    const refused = await call('/other-name');
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -32055, data: { status: 503 } } });
    expect(names.length).toBe(count);
    expect(gate.nginx.errorLog()).toContain('upstream SSL certificate');
  });

  test('certificates in a folder are trusted as well, and only those in it', async () => {
    const trusting = async (ca: string) => {
      mkdirSync(at(ca), { recursive: true });
      if (ca === 'with') copyFileSync(authority.caFile, at('with/ca.crt'));
      execFileSync('openssl', ['rehash', at(ca)], { stdio: 'pipe' });
      const facts = { ...kind.facts, caFile: '/nowhere', caDir: at(ca) };
      const endpoint = planEndpoint(server.url, { host: 'backend.test', tlsName: 'backend.test' });
      const other = await startGate({ ...kind, facts }, [
        { path: 'good', instances: [planInstance('i1', null, { mcp: endpoint })] },
      ]);
      try {
        return (await ask(other.url, '/good', { key: other.access.addAgent('bob'), body })).status;
      } finally {
        await other.close();
      }
    };
    expect(await trusting('with')).toBe(200);
    expect(await trusting('without')).toBe(503);
  });

  test('each name gets its certificate, others get the first, and old versions of TLS are refused', async () => {
    expect((await readShownCertificate(tlsPort, 'gateway.test')).names).toBe('DNS:gateway.test');
    expect((await readShownCertificate(tlsPort, 'a.mcp.test')).names).toBe('DNS:*.mcp.test');
    expect((await readShownCertificate(tlsPort, 'elsewhere.test')).names).toBe('DNS:gateway.test');
    const old = new Promise((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port: tlsPort, ...local, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
        () => resolve('connected'),
      );
      socket.on('error', reject);
    });
    await expect(old).rejects.toThrow();
  });

  test('HTTP/2 works with and without a content-length', async () => {
    const headers = {
      ':method': 'POST',
      ':path': '/good/mcp',
      ':authority': 'gateway.test',
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    };
    const sized = { ...headers, 'content-length': Buffer.byteLength(body) };
    for (const one of [sized, headers])
      expect(await requestHttp2({ ...local, port: tlsPort }, one, body)).toEqual({
        status: 200,
        text: JSON.stringify({ host: 'backend.test' }),
      });
  });

  test('an HTTP/2 body without a content-length is counted as a large one', async () => {
    const limits = [{ id: 'a'.repeat(32), of: 'agent' as const, name: 'eve', largeBodies: 0 }];
    const none = gate.access.addAgent('eve', { limits });
    const send = (method: string, more: object, sent?: string) =>
      requestHttp2(
        { ...local, port: tlsPort },
        {
          ':method': method,
          ':path': '/good/mcp',
          ':authority': 'gateway.test',
          authorization: `Bearer ${none}`,
          'content-type': 'application/json',
          ...more,
        },
        sent,
      );
    expect(await send('POST', {}, body)).toMatchObject({ status: 429 });
    expect(await send('POST', { 'content-length': Buffer.byteLength(body) }, body)).toMatchObject({ status: 200 });
    // A method without a body has none to be counted, and a body that is sent anyway is not forwarded.
    const before = sizes.length;
    expect(await send('GET', {})).toMatchObject({ status: 200 });
    expect(await send('GET', {}, 'x'.repeat(300_000))).toMatchObject({ status: 200 });
    expect(await send('DELETE', {}, 'x')).toMatchObject({ status: 200 });
    // A header whose name only resembles Content-Length.
    expect(await send('GET', { content_length: '0' }, 'x')).toMatchObject({ status: 200 });
    expect(await send('GET', { 'content-length': 0 }, 'x')).toMatchObject({ status: 200 });
    expect(sizes.slice(before)).toEqual([0, 0, 0, 0, 0]);
    expect(await send('GET', { 'content-length': 1 }, 'x')).toMatchObject({ status: 400 });
    expect(await send('POST', { content_length: '1' }, body)).toMatchObject({ status: 429 });
    expect(sizes.length).toBe(before + 5);
  });

  test('Strict-Transport-Security is sent by the gateway, and never by a backend', async () => {
    expect((await call('/good')).headers['strict-transport-security']).toBe('max-age=600');
    const refused = await requestHttps({
      ...local,
      port: tlsPort,
      path: '/nowhere',
      headers: { Host: 'gateway.test' },
    });
    expect(refused.headers['strict-transport-security']).toBe('max-age=600');
  });

  test('a call over plain HTTP is refused with the https address, and not redirected', async () => {
    for (const path of ['/good', '/good/mcp', '/mcp', '/nowhere']) {
      const refused = await ask(plainUrl, path, { key, body });
      expect(refused.status).toBe(403);
      expect(refused.headers.location).toBeUndefined();
      expect(refused.headers['strict-transport-security']).toBeUndefined();
      expect(refused.json).toMatchObject({
        jsonrpc: '2.0',
        id: null,
        error: { code: -32053, data: { reason: 'https_needed', hint: 'use https://gateway.test in the URL' } },
      });
    }
    await waitFor('the lines of the calls', () => gate.calls().some(({ reason }) => reason === 'https_needed'));
  });

  test('a browser that uses plain HTTP is redirected to https, and cannot change anything', async () => {
    for (const path of ['/', '/ui/', '/ui/servers?x=1', '/api/servers', '/docs', '/openapi.json']) {
      const redirect = await ask(plainUrl, path);
      expect([path, redirect.status, redirect.headers.location]).toEqual([path, 301, `https://gateway.test${path}`]);
    }
    const refused = await ask(plainUrl, '/api/session', { body: '{}' });
    expect(refused.status).toBe(403);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json).toMatchObject({ hint: 'use https://gateway.test in the URL' });
    // Forwarded to the registry, which is not running in this test.
    expect((await ask(plainUrl, '/healthz')).status).toBe(503);
  });

  test('an ACME challenge is served over plain HTTP and https, and nothing else of the folder', async () => {
    const path = '/.well-known/acme-challenge/token_1-x';
    expect((await ask(plainUrl, path)).text).toBe('token_1-x.thumbprint');
    expect((await requestHttps({ ...local, port: tlsPort, path })).text).toBe('token_1-x.thumbprint');
    writeFileSync(at('secret'), 'secret');
    for (const wrong of ['missing', '', '../../../secret', '..%2f..%2f..%2fsecret'])
      expect((await ask(plainUrl, `/.well-known/acme-challenge/${wrong}`)).text).not.toContain('secret');
  });

  test('plain HTTP at the TLS port is refused with the reason', async () => {
    const plain = await sendRaw(`http://127.0.0.1:${tlsPort}`, 'GET /good HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(plain).toMatch(/^HTTP\/1\.1 400 /);
    expect(plain).toContain('https_needed');
  });
});
