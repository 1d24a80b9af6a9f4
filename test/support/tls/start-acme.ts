import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePorts } from '../processes/free-ports.ts';
import { runProgram } from '../processes/run-program.ts';
import { waitFor } from '../wait-for.ts';
import type { Authority } from './create-authority.ts';

/** Whether Debian's packages certbot and pebble are on this machine. */
export const HAS_ACME = ['certbot', 'pebble', 'pebble-challtestsrv'].every(
  (program) => spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0,
);

export interface Acme {
  /** Folder of certbot: `live/<name>/fullchain.pem` and `privkey.pem` in it. */
  folder: string;
  /** Runs certbot against the test CA. Throws with its output. */
  certbot(args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const answers = (url: string) =>
  new Promise<boolean>((resolve) => {
    get(url, { rejectUnauthorized: false }, (reply) => {
      reply.resume();
      resolve(true);
    }).on('error', () => resolve(false));
  });

/** Starts Let's Encrypt's test CA (pebble), which resolves every name to this machine, and requests challenges at `httpPort`. */
export async function startAcme(authority: Authority, httpPort: number): Promise<Acme> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-acme-'));
  const [acmePort = 0, managementPort = 0, dnsPort = 0, tlsPort = 0, dnsManagementPort = 0] = await findFreePorts(5);
  const own = authority.issue(['localhost', 'IP:127.0.0.1']);
  const config = {
    listenAddress: `127.0.0.1:${acmePort}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate: own.certFile,
    privateKey: own.keyFile,
    httpPort,
    tlsPort,
  };
  writeFileSync(join(folder, 'pebble.json'), JSON.stringify({ pebble: config }));
  const quiet = ['-http01', '', '-https01', '', '-tlsalpn01', ''];
  const dns = runProgram('pebble-challtestsrv', [
    ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${dnsPort}`],
    ...['-management', `127.0.0.1:${dnsManagementPort}`],
    ...quiet,
  ]);
  const pebble = runProgram('pebble', ['-config', join(folder, 'pebble.json'), '-dnsserver', `127.0.0.1:${dnsPort}`], {
    env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' },
  });
  const server = `https://127.0.0.1:${acmePort}/dir`;
  await waitFor('the ACME server', async () => {
    if (!pebble.isRunning() || !dns.isRunning())
      throw new Error(`${pebble.stdout()}${pebble.stderr()}${dns.stdout()}${dns.stderr()}`);
    return answers(server);
  });
  const dirs = ['--config-dir', folder, '--work-dir', join(folder, 'work'), '--logs-dir', join(folder, 'logs')];
  return {
    folder,
    async certbot(args) {
      const always = ['--non-interactive', '--server', server, '--no-verify-ssl', ...dirs];
      await promisify(execFile)('certbot', [...args, ...always], { timeout: 120_000 });
    },
    async close() {
      await pebble.stop();
      await dns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
