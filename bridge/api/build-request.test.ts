import type { ApiOperation, ApiParameter } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { buildRequest } from './build-request.ts';

const parameter = (more: Partial<ApiParameter>): ApiParameter => ({
  ...{ argument: 'id', name: 'id', in: 'path', style: 'simple', isJson: false, explode: false, allowReserved: false },
  ...more,
});
const operation = (one: ApiParameter): ApiOperation => ({
  tool: { name: 'get', description: '', inputSchema: { type: 'object' }, annotations: {} },
  ...{ method: 'GET', path: '/books/{id}/pages', parameters: [one], body: null, accept: '*/*' },
});
const file = { url: 'http://api.test/v1?token=secret', headers: { Authorization: 'Bearer own' } };

test.each([
  ['..', 'simple'],
  ['.', 'simple'],
  [['..'], 'simple'],
  [['.'], 'simple'],
  [[''], 'simple'],
  [[], 'simple'],
  ['', 'label'],
  [['.'], 'label'],
  [[''], 'label'],
] as const)('%j as %s cannot reach another operation', (id, style) => {
  expect(() => buildRequest(file, operation(parameter({ style })), { id })).toThrow('cannot be used in a path');
});

test('credential cookies are sent along with those of arguments, and no argument replaces one', () => {
  const withCookie = { ...file, headers: { Cookie: 'sid=secret; region=eu' } };
  const cookie = (name: string, given: string) =>
    buildRequest(withCookie, operation(parameter({ in: 'cookie', name, style: 'form' })), { id: given }).headers[
      'cookie'
    ];
  expect(cookie('theme', 'dark')).toBe('theme=dark; sid=secret; region=eu');
  expect(cookie('sid', 'mine')).toBe('sid=secret; region=eu');
});

test("an argument stays within its path segment, and cannot replace the server's credentials", () => {
  const { url, headers } = buildRequest(file, operation(parameter({})), { id: '../x?token=mine#a' });
  expect(url.href).toBe('http://api.test/v1/books/..%2Fx%3Ftoken%3Dmine%23a/pages?token=secret');
  expect(headers['authorization']).toBe('Bearer own');
  const query = buildRequest(file, operation(parameter({ in: 'query', name: 'token', style: 'form' })), { id: 'mine' });
  expect(query.url.search).toBe('?token=secret');
});
