import type { Request } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { headerName } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { cutPage, readCursor, writeCursor } from './cursor.ts';
import { readIfMatch, writeEtag } from './etag.ts';
import { explainIssues } from '../../lib/explain-issues.ts';
import { explainCrossOrigin } from '../middleware/same-origin.ts';
import { HttpProblem, toProblem } from './problem.ts';
import { readRegisterForm } from '../routes/system/legacy-routes.ts';
import { relateBase } from '../serve-ui.ts';

test('If-Match accepts one of our ETags, weak or strong, or any', () => {
  expect(readIfMatch(writeEtag(12))).toBe(12);
  expect(readIfMatch('W/"7"')).toBe(7);
  expect(readIfMatch('*')).toBeUndefined();
  expect(readIfMatch(undefined)).toBeUndefined();
  for (const wrong of ['12', '"a"', '"1", "2"', '""', '"-1"']) expect(() => readIfMatch(wrong)).toThrow(HttpProblem);
});

test('a cursor decodes to the value it was created from, of the right kind only', () => {
  for (const value of ['team/search', 'ü/"', 'a'.repeat(120)]) {
    expect(readCursor('string', writeCursor(value))).toBe(value);
    expect(encodeURIComponent(writeCursor(value))).toBe(writeCursor(value));
  }
  expect(readCursor('number', writeCursor(7))).toBe(7);
  expect(() => readCursor('number', writeCursor('7'))).toThrow(HttpProblem);
  expect(() => readCursor('string', '!!')).toThrow(HttpProblem);
  const encode = (text: string): string => Buffer.from(text).toString('base64url');
  for (const odd of ['1e400', '1.5', '-1', '1e3', '9007199254740993', ' 7', 'NaN', '[7]'])
    expect(() => readCursor('number', encode(odd)), odd).toThrow(HttpProblem);
  for (const odd of [`${writeCursor('a')}!`, encode('"a" '), encode('"\\u0061"')])
    expect(() => readCursor('string', odd), odd).toThrow(HttpProblem);
});

test('the last page has no cursor', () => {
  expect(cutPage([1, 2, 3], 2, (n) => n)).toEqual({ items: [1, 2], nextCursor: writeCursor(2) });
  expect(cutPage([1, 2], 2, (n) => n)).toEqual({ items: [1, 2] });
  expect(cutPage([], 2, String)).toEqual({ items: [] });
});

test('issues contain their fields with dots, each unknown field, and missing ones as missing', () => {
  const schema = z.strictObject({ a: z.object({ b: z.array(z.int()) }), c: z.string() });
  const parsed = schema.safeParse({ a: { b: [1, 'x'] }, d: 1, e: 2 });
  const error = explainIssues(parsed.error!, 'body');
  expect(error.errors?.map(({ field }) => field).toSorted()).toEqual(['a.b.1', 'c', 'd', 'e']);
  expect(error.errors).toContainEqual({ field: 'c', message: 'this is missing; expected a string' });
  expect(error.message).toContain('(and 1 more)');
  const keyed = z.record(headerName, z.string()).safeParse({ Host: 'x', 'a b': 'y' });
  expect(explainIssues(keyed.error!, 'body').errors).toEqual([
    { field: 'Host', message: 'the header Host is set by the gateway and cannot be a credential' },
    { field: 'a b', message: '"a b" is not a header name; use letters, digits and "-"' },
  ]);
  expect(explainIssues(z.int().safeParse('x').error!, 'body').errors).toMatchObject([{ field: 'body' }]);
});

test('of many issues at most 20 are listed and all are counted, and each is short', () => {
  const named = (body: object) =>
    explainIssues(z.strictObject({ a: z.string().optional() }).safeParse(body).error!, 'body');
  const unknown = named(Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, 0])));
  expect(unknown.errors).toHaveLength(20);
  expect(unknown.message).toContain('(and 49997 more)');
  expect(named({ ['x'.repeat(100_000)]: 1 }).message.length).toBeLessThan(1_000);
  const keys = z
    .record(headerName, z.string())
    .safeParse(Object.fromEntries([...Array(300).keys()].map((n) => [`${n} `, ''])));
  expect(explainIssues(keys.error!, 'body').errors).toHaveLength(20);
});

test('a registry error is reported with its message, anything else without', () => {
  const limited = toProblem(new RegistryError('limited', 'slowly', { retryAfterS: 0.2 }));
  expect(limited).toMatchObject({
    headers: { 'Retry-After': '1' },
    isFault: false,
    problem: { status: 429, code: 'limited' },
  });
  const fault = toProblem(new Error('password=hunter2'));
  expect(fault).toMatchObject({ isFault: true, problem: { status: 500 } });
  expect(JSON.stringify(fault)).not.toContain('hunter2');
  expect(toProblem('thrown text').problem.status).toBe(500);
  expect(toProblem(new RegistryError('stale', 'old'), { revision: 3 }).problem).toMatchObject({
    status: 412,
    current: { revision: 3 },
  });
});

test('failures of the database are reported with their remedy', () => {
  const problemOf = (code: string) => toProblem(Object.assign(new Error('x'), { code })).problem;
  expect(problemOf('SQLITE_FULL')).toMatchObject({
    status: 503,
    detail: expect.stringContaining('disk is full') as string,
  });
  expect(problemOf('SQLITE_BUSY')).toMatchObject({ status: 503, detail: expect.stringContaining('locked') as string });
  expect(problemOf('SQLITE_CONSTRAINT_UNIQUE').status).toBe(500);
});

test('same-origin pages are those at the requested host or at the public address', () => {
  const explain = (host: string, headers: Record<string, string>) =>
    explainCrossOrigin({ host, get: (name: string) => headers[name] } as unknown as Request, 'https://gw.example.com');
  expect(explain('localhost:7860', { Origin: 'http://localhost:7860' })).toBeNull();
  expect(explain('internal:7860', { Origin: 'https://gw.example.com' })).toBeNull();
  expect(explain('gw.local:80', { Origin: 'http://gw.local' })).toBeNull();
  expect(explain('gw.local', { Origin: 'https://gw.local' })).toBeNull();
  expect(explain('localhost:7860', {})).toBeNull();
  for (const origin of [
    'http://localhost:7861',
    'http://evil.example',
    'null',
    'file://',
    'http://localhost:7860.evil.example',
    '',
  ])
    expect(explain('localhost:7860', { Origin: origin }), origin).not.toBeNull();
});

test('the legacy form is read as a registration', () => {
  expect(
    readRegisterForm({ path: '/a/', proxy_pass_url: 'http://h', tags: 'B, a,,b', num_stars: '7', is_python: 'on' }),
  ).toMatchObject({
    path: 'a',
    name: 'a',
    tags: ['a', 'b'],
    stars: 7,
    instances: [{ url: 'http://h' }],
  });
  expect(() => readRegisterForm({ path: 'api', proxy_pass_url: 'http://h' })).toThrow(RegistryError);
});

test('the base of the page resolves to /ui/ from every depth', () => {
  for (const path of ['/ui/', '/ui/a', '/ui/a/', '/ui/a/b', '/ui/a%2Fb/c/d'])
    expect(new URL(relateBase(path), `http://h${path}`).pathname).toBe('/ui/');
});
