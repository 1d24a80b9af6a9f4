import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../support/nginx/ask.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../support/nginx/nginx-kinds.ts';
import { planEndpoint, planInstance, startGate, type RunningGate } from '../../support/nginx/start-gate.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-tls-'));
const at = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(NGINX_KINDS)('TLS on both sides of $name NGINX', (kind) => {
  let gate: RunningGate;
  let key: string;
  let tlsPort: number;
  const names: (string | false | null)[] = [];
  const server = { close: () => {}, url: '' };
  const body = callBody('x');

  beforeAll(async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=test-ca',
      '-keyout',
      at('ca.key'),
      '-out',
      at('ca.crt'),
    );
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=backend.test',
      '-addext',
      'subjectAltName=DNS:backend.test',
      '-keyout',
      at('b.key'),
      '-out',
      at('b.csr'),
    );
    openssl(
      'x509',
      '-req',
      '-days',
      '2',
      '-in',
      at('b.csr'),
      '-CA',
      at('ca.crt'),
      '-CAkey',
      at('ca.key'),
      '-copy_extensions',
      'copy',
      '-out',
      at('b.crt'),
    );
    const backend = createServer(
      { key: readFileSync(at('b.key')), cert: readFileSync(at('b.crt')) },
      (incoming, reply) => {
        names.push((incoming.socket as Partial<TLSSocket>).servername ?? null);
        incoming.resume();
        reply.setHeader('Content-Type', 'application/json');
        reply.end(JSON.stringify({ host: incoming.headers.host }));
      },
    );
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
    gate = await startGate(
      { ...kind, facts: { ...kind.facts, caFile: at('ca.crt') } },
      [
        { path: 'good', instances: plan('backend.test') },
        { path: 'other-name', instances: plan('other.test') },
      ],
      { tls: { port: tlsPort, certFile: at('b.crt'), keyFile: at('b.key') } },
    );
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    server.close();
  });

  test('a backend’s certificate is verified by the registered name, which is sent as SNI', async () => {
    expect((await ask(gate.url, '/good', { key, body })).json).toEqual({ host: 'backend.test' });
    expect(names.at(-1)).toBe('backend.test');
    const count = names.length;
    const refused = await ask(gate.url, '/other-name', { key, body });
    expect(refused.json).toMatchObject({ error: { code: -32055, data: { status: 503 } } });
    expect(names.length).toBe(count);
    expect(gate.nginx.errorLog()).toContain('upstream SSL certificate');
  });

  test('certificates in a folder do as well, and only those in it', async () => {
    const trusting = async (ca: string) => {
      mkdirSync(at(ca), { recursive: true });
      if (ca === 'with') copyFileSync(at('ca.crt'), at('with/ca.crt'));
      openssl('rehash', at(ca));
      const facts = { ...kind.facts, caFile: '/nowhere', caDir: at(ca) };
      const other = await startGate({ ...kind, facts }, [
        {
          path: 'good',
          instances: [
            planInstance('i1', null, {
              mcp: planEndpoint(server.url, { host: 'backend.test', tlsName: 'backend.test' }),
            }),
          ],
        },
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

  test('the gateway speaks TLS itself, and tells a client that does not', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: tlsPort,
          servername: 'backend.test',
          ca: readFileSync(at('ca.crt')),
          path: '/good/mcp',
          method: 'POST',
          agent: false,
          headers: { Authorization: `Bearer ${key}`, Host: 'localhost' },
        },
        (reply) => {
          let all = '';
          reply.on('data', (chunk: Buffer) => (all += chunk.toString()));
          reply.on('end', () => resolve(all));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    expect(JSON.parse(text)).toEqual({ host: 'backend.test' });
    const plain = await sendRaw(`http://127.0.0.1:${tlsPort}`, 'GET /good HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(plain).toMatch(/^HTTP\/1\.1 400 /);
    expect(plain).toContain('https_needed');
  });
});
