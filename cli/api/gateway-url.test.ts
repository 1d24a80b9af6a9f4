import { expect, test } from 'vitest';
import { isLoopback, readGatewayUrl } from './gateway-url.ts';

test('only addresses of this machine are loopback', () => {
  for (const url of ['http://localhost:8080', 'http://127.0.0.1', 'https://127.1.2.3/gw', 'http://[::1]:1'])
    expect(isLoopback(readGatewayUrl(url, 'url')), url).toBe(true);
  for (const url of [
    'http://127.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'http://[2001:db8::1]',
  ])
    expect(isLoopback(readGatewayUrl(url, 'url')), url).toBe(false);
});
