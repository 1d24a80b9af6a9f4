import { expect, test } from 'vitest';
import { BRIDGE_HOST, MANAGEMENT_HOST } from '../../contract/index.ts';
import { explainBackendUrl } from './explain-backend-url.ts';

const ADDRESSES: Record<string, string[]> = { two: ['10.0.0.1', '169.254.169.254'], '::1': ['::1'] };
const lookup = (host: string) => {
  const found = ADDRESSES[host];
  return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
};
/** Rejects the registry's own address, and one of the two addresses of a name. */
const checkAddress = (address: string, port: number) =>
  `${address} ${port}` === '::1 443' || address === '169.254.169.254' ? `${address}:${port} is rejected` : null;

test.each([
  [`http://${MANAGEMENT_HOST}/mcp`, /own management server/],
  [`http://${BRIDGE_HOST}/a`, /own bridge/],
  ['http://two/mcp', /^169\.254\.169\.254:80 is rejected$/],
  ['https://[::1]/mcp', /^::1:443 is rejected$/],
])('%s may not be a backend', async (url, reason) => {
  expect(await explainBackendUrl(url, lookup, checkAddress)).toMatch(reason);
});

test.each(['http://[::1]:8080/mcp', 'http://unknown/mcp'])('%s may be a backend', async (url) => {
  expect(await explainBackendUrl(url, lookup, checkAddress)).toBeNull();
});
