import { expect, test } from 'vitest';
import { planGateway, type GatewaySettings } from './plan-gateway.ts';

const SETTINGS: GatewaySettings = {
  ...{ gatewayPort: 8080, tls: null, gatewayUrl: 'http://localhost:8080', allowedHosts: [], allowedOrigins: [] },
  ...{ hstsMaxAgeS: 0, acmeWebroot: '/acme', trustedProxies: [], registryHost: '127.0.0.1', registryPort: 7860 },
  ...{ maxBodyBytes: 1, connectionsPerAddress: 1, drainTimeoutS: 1, nginxWorkers: 1 },
};
const FOLDERS = { accessDir: '/a', logDir: '/l', runDir: '/r' };
const listen = (gatewayHost: string, more: Partial<GatewaySettings> = {}) =>
  planGateway({ ...SETTINGS, gatewayHost, ...more }, FOLDERS).listen;

test('it listens on the configured address, and on loopback, from which the gateway itself connects', () => {
  expect(listen('0.0.0.0')).toBe(undefined);
  expect(listen('127.0.0.1')).toEqual({ plain: ['127.0.0.1:8080'], tls: [] });
  expect(listen('10.0.0.5', { tls: { port: 8443 } })).toEqual({
    plain: ['127.0.0.1:8080', '10.0.0.5:8080'],
    tls: ['127.0.0.1:8443', '10.0.0.5:8443'],
  });
  expect(listen('::')?.plain).toEqual(['0.0.0.0:8080', '[::]:8080']);
  expect(listen('::1')?.plain).toEqual(['127.0.0.1:8080', '[::1]:8080']);
  expect(listen('[2001:db8::5]')?.plain).toEqual(['127.0.0.1:8080', '[2001:db8::5]:8080']);
});
