import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../test/support/tls/create-authority.ts';
import { prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, find, messages } = machine;

test('an invalid setting is reported, a secret is not shown, and the other checks still run', async () => {
  const reported = await messages('settings', facts({ HEALTH_TIMEOUT_MS: 'soon', ADMIN_PASSWORD: 'short' }));
  expect(reported).toMatch(/HEALTH_TIMEOUT_MS: "soon" is not/);
  expect(reported).toContain('ADMIN_PASSWORD');
  expect(reported).not.toContain('short');
  writeFileSync(join(machine.root, 'mcpgw.config.json'), '{ "GATEWAY_PORT": 1,, }');
  expect(await messages('settings', facts())).toContain('mcpgw.config.json');
});

test('certificates that are missing, for another name, expiring or expired are reported', async () => {
  const authority = createAuthority();
  try {
    const { certFile, keyFile } = authority.issue(['gateway.example.com']);
    const env = { TLS_CERT: certFile, TLS_KEY: keyFile, GATEWAY_URL: 'https://gateway.example.com' };
    const endsMs = Date.parse(new X509Certificate(readFileSync(certFile)).validTo);
    expect(await find('certificates', facts(env))).toEqual([]);
    expect(await messages('certificates', facts(env, { nowMs: endsMs - 86_400_000 }))).toContain('expires soon');
    expect(await messages('certificates', facts(env, { nowMs: endsMs + 1_000 }))).toContain('has expired');
    expect(await messages('certificates', facts(env, { nowMs: 0 }))).toContain('not valid before');
    const other = { ...env, GATEWAY_URL: 'https://other.example.com' };
    expect(await messages('certificates', facts(other))).toContain('is for other.example.com');
    const unreadable = { ...env, TLS_KEY: join(machine.folder, 'none.key') };
    expect(await messages('certificates', facts(unreadable))).toContain('cannot be read');
    const mismatched = { ...env, TLS_KEY: authority.issue(['gateway.example.com']).keyFile };
    expect(await messages('certificates', facts(mismatched))).not.toBe('');
  } finally {
    authority.remove();
  }
});

test('a port in use is reported with the process that holds it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const found = await find('ports', facts({ GATEWAY_PORT: String(port) }));
  await new Promise((resolve) => server.close(resolve));
  expect(found).toMatchObject([{ message: expect.stringContaining(`taken by pid ${process.pid}`) as string }]);
  expect(await find('ports', facts({ GATEWAY_PORT: String(port) }))).toEqual([]);
});
