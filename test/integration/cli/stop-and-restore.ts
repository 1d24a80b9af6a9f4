import { chmodSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OnOneGateway } from './on-one-gateway.ts';

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Stops the gateway of the preceding tests, restores it from a backup and starts it in the background. */
export function testStopAndRestore(on: OnOneGateway): void {
  test('doctor checks the running gateway at the ports it was started with, which are not in the environment', async () => {
    const { DATA_DIR = '' } = on.gateway.env;
    const { findings } = JSON.parse((await on.cli.run(['doctor', '--json'], { env: { DATA_DIR } })).stdout) as {
      findings: { check: string; message: string }[];
    };
    expect(findings.filter(({ check }) => check === 'services')).toEqual([]);
  });

  test('a gateway is backed up, stopped, restored and started in the background', async () => {
    const backup = join(on.local.home, 'another');
    expect(await on.local.run(['backup', backup])).toMatchObject({ code: 0 });
    expect(await on.local.run(['stop'])).toMatchObject({ code: 0 });
    expect((await on.local.run(['status'])).code).toBe(3);
    expect((await on.local.run(['doctor'])).stdout).toContain('nothing listens there');
    expect(await on.local.run(['restore', backup, '--replace'])).toMatchObject({ code: 0 });
    try {
      // The port of this gateway overrides that of the file; the gateway outlives the process that starts it. File and options are those of another product.
      const port = Number(on.gateway.env['GATEWAY_PORT']);
      writeFileSync(
        join(on.local.home, 'servers.yaml'),
        `port: 39400\nenable_meta_mcp: true\n\nbackends:\n  context7:\n    http_url: "${on.everything.url}"\n    description: "Documentation lookup"\n`,
      );
      // Started by root, the gateway reads it as its own user.
      chmodSync(on.local.home, 0o755);
      const start = `mcpgw start --detach -c servers.yaml --host 127.0.0.1 --no-meta-mcp -p ${port} --log-level WARNING`;
      const started = await on.local.shell(start, { env: { MCPGW_END_WITH_PARENT: '' } });
      expect(started.code, started.stderr).toBe(0);
      expect((await on.local.run(['login'])).code).toBe(0);
      expect(await on.local.json(['servers', 'show', 'context7'])).toMatchObject({
        description: 'Documentation lookup',
        managedBy: 'mcpgw.config',
        status: 'healthy',
      });
      const { settings } = await on.gateway.admin.must<{ settings: object[] }>('GET', '/api/gateway');
      expect(settings).toContainEqual(expect.objectContaining({ name: 'LOG_LEVEL', value: 'warn' }));
      expect((await fetch(`${on.gateway.url}/mcp`, { method: 'POST' })).status).toBe(404);
      expect((await on.local.run(['start', '--log-level', 'loud'])).code).toBe(2);
      expect((await on.local.run(['status'])).code).toBe(0);
      // Every address that begins with 127 is this machine, and the gateway listens on one alone.
      expect(await canConnect('127.0.0.1', port)).toBe(true);
      expect(await canConnect('127.0.0.2', port)).toBe(false);
    } finally {
      expect(await on.local.run(['stop'])).toMatchObject({ code: 0 });
    }
  });
}
