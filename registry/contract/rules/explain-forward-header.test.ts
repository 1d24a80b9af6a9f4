import { expect, test } from 'vitest';
import { explainForwardHeader, warnForwardHeader } from './explain-forward-header.ts';
import { serverInput } from '../server/server.ts';

test.each(['X-Tenant', 'x.odd~name', 'Cookie', 'Remote-User', 'If-None-Match'])('%s can be forwarded', (name) => {
  expect(explainForwardHeader(name)).toBeNull();
});

test.each([
  ['Authorization', /carries the agent's key/],
  ['X_Api_Key', /carries the agent's key/],
  ['Host', /cannot be forwarded/],
  ['content-length', /cannot be forwarded/],
  ['Transfer_Encoding', /cannot be forwarded/],
  ['Upgrade', /cannot be forwarded/],
  ['Mcp-Session-Id', /cannot be forwarded/],
  ['MCP_Param_X', /cannot be forwarded/],
  ['X-Request-Id', /cannot be forwarded/],
  ['Accept', /cannot be forwarded/],
  ['', /not a header name/],
  ['X: y', /not a header name/],
  ['X\r\nHost', /not a header name/],
  ['ü', /not a header name/],
  ['x'.repeat(65), /at most 64/],
])('%j cannot', (name, message) => {
  expect(explainForwardHeader(name)).toMatch(message);
  const { error } = serverInput.safeParse({ path: 'a', url: 'http://a', forwardHeaders: ['X-Ok', name] });
  expect(error?.issues[0]).toMatchObject({ path: ['forwardHeaders', 1], message: expect.stringMatching(message) });
});

test('headers that identify the caller are forwarded with a warning', () => {
  for (const name of ['Cookie', 'Remote-User', 'X_Forwarded_For', 'x-forwarded-user', 'X-Original-URL', 'Forwarded'])
    expect(warnForwardHeader(name, []), name).toContain(name);
  expect(warnForwardHeader('X-Tenant', ['X-Other'])).toBeNull();
  expect(warnForwardHeader('X-Tenant', ['x_tenant'])).toContain('credential');
});

test('names are stored once, sorted, regardless of spelling', () => {
  const input = { path: 'a', url: 'http://a', forwardHeaders: ['X-Tenant', 'x-b', 'x-tenant', ' X-B '] };
  expect(serverInput.parse(input).forwardHeaders).toEqual(['X-Tenant', 'x-b']);
  expect(serverInput.parse({ path: 'a', url: 'http://a' }).forwardHeaders).toEqual([]);
});
