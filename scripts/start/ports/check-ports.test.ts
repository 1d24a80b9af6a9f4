import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { checkPorts } from './check-ports.ts';
import { findPortHolder } from './port-holder.ts';

test('a port in use is rejected with the pid that holds it, and a free one is accepted', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const wanted = [{ setting: 'GATEWAY_PORT', port, host: '0.0.0.0' }];
  expect(findPortHolder(port)?.pid).toBe(process.pid);
  await expect(checkPorts(wanted)).rejects.toThrow(`port ${port} (GATEWAY_PORT) is taken by pid ${process.pid} `);
  await new Promise((resolve) => server.close(resolve));
  expect(findPortHolder(port)).toBeNull();
  await expect(checkPorts(wanted)).resolves.toBeUndefined();
});

test('all problems are reported at once', async () => {
  const wanted = ['GATEWAY_PORT', 'REGISTRY_PORT', 'GATEWAY_TLS_PORT'].map((setting) => ({
    setting,
    port: 45_678,
    host: '192.0.2.1',
  }));
  await expect(checkPorts(wanted)).rejects.toThrow(/EADDRNOTAVAIL[^]*are both 45678[^]*are both 45678/);
});
