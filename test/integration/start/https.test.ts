import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayView } from '../../../registry/contract/index.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { openStream } from '../../support/faults/load/open-stream.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { requestHttps, readShownCertificate } from '../../support/tls/request-https.ts';
import { createAuthority, type IssuedCertificate } from '../../support/tls/create-authority.ts';
import { HAS_ACME, startAcme } from '../../support/tls/start-acme.ts';
import { waitFor } from '../../support/wait-for.ts';

const authority = createAuthority();
// Started by root, the gateway runs as another user, who must be able to read the files.
const folder = mkdtempSync(join(tmpdir(), 'mcpgw-live-'));
const at = (name: string) => join(folder, name);
let site: Site;
let port: number;

/** Installs a certificate as certbot does: new files, then two links that are changed to them, one after the other. */
function renew({ certFile, keyFile }: IssuedCertificate, number: number): void {
  for (const [name, from] of Object.entries({ fullchain: certFile, privkey: keyFile })) {
    copyFileSync(from, at(`archive/${name}${number}.pem`));
    chmodSync(at(`archive/${name}${number}.pem`), 0o644);
    symlinkSync(`archive/${name}${number}.pem`, at(`${name}.new`));
    renameSync(at(`${name}.new`), at(`${name}.pem`));
  }
}

beforeAll(async () => {
  chmodSync(folder, 0o755);
  mkdirSync(at('archive'));
  renew(authority.issue(['localhost', 'gateway.test']), 1);
  [port = 0] = await findFreePorts(1);
  const other = authority.issue(['other.test'], 6);
  chmodSync(other.keyFile, 0o644);
  site = await startSite({
    supervised: false,
    env: {
      TLS_CERT: `${at('fullchain.pem')},${other.certFile}`,
      TLS_KEY: `${at('privkey.pem')},${other.keyFile}`,
      GATEWAY_TLS_PORT: String(port),
      GATEWAY_URL: `https://localhost:${port}`,
    },
  });
});
afterAll(async () => {
  await site.close();
  authority.remove();
  rmSync(folder, { recursive: true });
});

const serial = async () => (await readShownCertificate(port, 'localhost')).serial;

test('a renewed certificate is used without a restart; no call and no stream is lost, and half of a renewal changes nothing', async () => {
  const { key } = site;
  const url = `https://localhost:${port}`;
  const { ca } = authority;
  const load = site.load({ url, ca });
  await load.answers(30);
  const stream = await openStream(`${url}/ticking/mcp`, { key, ca });
  await stream.more(3);
  const before = await serial();

  writeFileSync(at('privkey.pem.new'), authority.issue(['localhost']).key, { mode: 0o644 });
  renameSync(at('privkey.pem.new'), at('privkey.pem'));
  await waitFor('the log of what cannot be used', () =>
    site.gateway.program.stdout().includes('a renewed certificate cannot be used'),
  );
  expect(await serial()).toBe(before);

  renew(authority.issue(['localhost', 'gateway.test']), 2);
  await waitFor('the new certificate', async () => (await serial()) !== before);
  await load.answers(30);
  await stream.more(3);
  expectNothingCut([stream]);
  stream.leave();
  expectNothingLost(await load.stop(), 60);
});

test('each name gets its certificate, and the one that expires within 14 days is logged', async () => {
  const shown = async (name: string) => (await readShownCertificate(port, name)).names;
  expect(await shown('other.test')).toBe('DNS:other.test');
  expect(await shown('gateway.test')).toBe('DNS:localhost, DNS:gateway.test');
  const line = site.gateway.program
    .stdout()
    .split('\n')
    .find((one) => one.includes('expires soon'));
  expect(line).toContain('other.test');
});

test('NGINX gets a private copy of the key, which no configuration contains', async () => {
  const { items } = await site.gateway.admin.must<{ items: { number: number }[] }>('GET', '/api/generations?limit=1');
  const detail = await site.gateway.admin.must<{ files: Record<string, string> }>(
    'GET',
    `/api/generations/${items[0]?.number}`,
  );
  const files = JSON.stringify(detail.files);
  const { certificates } = await site.gateway.admin.must<GatewayView>('GET', '/api/gateway');
  const expiresAt = expect.any(String) as string;
  expect(certificates).toEqual([
    { names: ['localhost', 'gateway.test'], expiresAt },
    { names: ['other.test'], expiresAt },
  ]);
  // The code of the gate contains the words PRIVATE KEY, because it redacts them.
  const [, secret = ''] = readFileSync(at('privkey.pem'), 'utf8').split('\n');
  expect(secret.length).toBeGreaterThan(30);
  expect(files).not.toContain(secret);
  const name = /\$mcpgw_certificate_key \{[^}]*default \\"([^"\\]+)\\"/.exec(files)?.[1] ?? '';
  expect(readFileSync(name, 'utf8')).toBe(readFileSync(at('privkey.pem'), 'utf8'));
});

test('the session cookie is Secure', async () => {
  const { env } = site.gateway;
  const reply = await requestHttps({
    port,
    servername: 'localhost',
    ca: authority.ca,
    path: '/api/session',
    method: 'POST',
    headers: { Host: `localhost:${port}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: env['ADMIN_PASSWORD'] }),
  });
  expect(reply.status).toBe(200);
  expect(reply.headers['set-cookie']?.[0]).toMatch(/; Secure(;|$)/);
});

test('/readyz is available over plain HTTP too', async () => {
  const reply = await fetch(`${site.gateway.url}/readyz`);
  expect(reply.status).toBe(200);
});

/** Changes the links to the files of certbot; in production the gateway is started with links to them. */
function follow(live: string): void {
  for (const name of ['fullchain', 'privkey']) {
    symlinkSync(join(live, `${name}.pem`), at(`${name}.new`));
    renameSync(at(`${name}.new`), at(`${name}.pem`));
  }
}

test.runIf(HAS_ACME)('certbot gets and renews a certificate by the webroot, without a restart', async () => {
  const acme = await startAcme(authority, Number(site.gateway.env['GATEWAY_PORT']));
  try {
    const webroot = join(site.gateway.dataDir, 'acme');
    const account = ['--agree-tos', '--register-unsafely-without-email'];
    await acme.certbot(['certonly', '--webroot', '-w', webroot, '-d', 'gateway.test', ...account]);
    if (process.getuid?.() === 0) {
      // As in docs/operations.md.
      const acl = ['-R', '-m', 'u:mcpgw:rX,d:u:mcpgw:rX'];
      execFileSync('setfacl', [...acl, join(acme.folder, 'live'), join(acme.folder, 'archive')]);
      execFileSync('setfacl', ['-m', 'u:mcpgw:x', acme.folder]);
    }
    const before = await serial();
    follow(join(acme.folder, 'live/gateway.test'));
    const issued = await waitFor('the certificate of the ACME server', async () => {
      const now = await serial();
      return now !== before && now;
    });
    await acme.certbot(['renew', '--force-renewal', '--no-random-sleep-on-renew']);
    await waitFor('the renewed certificate', async () => (await serial()) !== issued);
    expect((await readShownCertificate(port, 'gateway.test')).names).toBe('DNS:gateway.test');
  } finally {
    await acme.close();
  }
});
