import { describe, expect, it } from 'vitest';
import type { InstanceEndpoints, Transport } from '../../contract/index.ts';
import { locateEndpoints, portOf } from './locate-endpoints.ts';

const probed: InstanceEndpoints = {
  mcp: 'http://weather:8000/mcp',
  sse: 'http://weather:8000/sse',
};

function locate(url: string, transport: Transport = 'auto', endpoints: InstanceEndpoints | null = null) {
  const { mcp, sse } = locateEndpoints({ url, endpoints }, transport);
  return [mcp?.href, sse?.href];
}

describe('locateEndpoints', () => {
  it('uses the endpoints that the probe found, as far as the transport allows', () => {
    const [mcp, sse] = ['http://weather:8000/mcp', 'http://weather:8000/sse'];
    expect(locate('http://weather:8000', 'auto', probed)).toEqual([mcp, sse]);
    expect(locate('http://weather:8000', 'sse', probed)).toEqual([undefined, sse]);
    expect(locate('http://weather:8000', 'streamable-http', probed)).toEqual([mcp, undefined]);
  });

  it.each([
    ['http://weather:8000', 'auto', ['http://weather:8000/mcp', undefined]],
    ['http://weather:8000/', 'auto', ['http://weather:8000/mcp', undefined]],
    ['http://weather/mcp', 'auto', ['http://weather/mcp', undefined]],
    ['http://weather/mcp/', 'auto', ['http://weather/mcp/', undefined]],
    ['https://weather/a/b', 'auto', ['https://weather/a/b', undefined]],
    ['http://weather/sse', 'auto', [undefined, 'http://weather/sse']],
    ['http://weather', 'sse', [undefined, 'http://weather/sse']],
    ['http://weather/sse', 'streamable-http', ['http://weather/sse', undefined]],
  ] as const)('assumes endpoints for %s (%s) without a probe', (url, transport, expected) => {
    expect(locate(url, transport)).toEqual(expected);
  });

  it('ignores endpoints that are not http URLs', () => {
    for (const mcp of ['file:///etc/passwd', 'no url', 'ftp://weather/mcp'])
      expect(locate('http://weather:8000/x', 'auto', { ...probed, sse: null, mcp })[0]).toBe('http://weather:8000/x');
    expect(locate('no url')).toEqual([undefined, undefined]);
  });

  it('returns the default port of a scheme', () => {
    expect(['http://a', 'https://a', 'http://a:81'].map((url) => portOf(new URL(url)))).toEqual([80, 443, 81]);
  });
});
