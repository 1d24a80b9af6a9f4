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

/** Stops the gateway of the tests before, restores it from a backup and starts it in the background. */
export function testStopAndRestore(on: OnOneGateway): void {
  test('a gateway is backed up, stopped, restored and started in the background', async () => {
    const backup = join(on.local.home, 'another');
    expect(await on.local.run(['backup', backup])).toMatchObject({ code: 0 });
    expect(await on.local.run(['stop'])).toMatchObject({ code: 0 });
    expect((await on.local.run(['status'])).code).toBe(3);
    expect((await on.local.run(['doctor'])).stdout).toContain('nothing listens there');
    expect(await on.local.run(['restore', backup, '--replace'])).toMatchObject({ code: 0 });
    try {
      // Its example, at the port of this gateway; whoever starts it ends before it does.
      const port = Number(on.gateway.env['GATEWAY_PORT']);
      const start = `mcpgw start --detach --host 127.0.0.1 --no-meta-mcp --port ${port}`;
      expect(await on.local.shell(start, { env: { MCPGW_END_WITH_PARENT: '' } })).toMatchObject({ code: 0 });
      expect((await on.local.run(['login'])).code).toBe(0);
      expect((await on.local.run(['status'])).code).toBe(0);
      // Every address that begins with 127 is this machine's, and it listens on one alone.
      expect(await canConnect('127.0.0.1', port)).toBe(true);
      expect(await canConnect('127.0.0.2', port)).toBe(false);
    } finally {
      expect(await on.local.run(['stop'])).toMatchObject({ code: 0 });
    }
  });
}
