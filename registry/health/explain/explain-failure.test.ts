import { expect, test } from 'vitest';
import type { Evidence } from '../transport/recording-fetch.ts';
import { explainFailure, type FailureContext } from './explain-failure.ts';

const context: FailureContext = { hostMode: 'upstream', hasCredentials: false, timeoutMs: 300, secrets: ['s3cret'] };
const evidence = (changes: Partial<Evidence>): Evidence => ({
  method: 'POST',
  url: 'http://h:1/mcp',
  status: 200,
  contentType: 'text/plain',
  wwwAuthenticate: '',
  location: null,
  start: '',
  error: null,
  tooLarge: false,
  ...changes,
});
const explain = (changes: Partial<Evidence>, more: Partial<FailureContext> = {}, error: unknown = null) =>
  explainFailure(evidence(changes), error, 'http://h:1', { ...context, ...more });

test.each([
  [{ status: 401 }, 'auth_required', 'It requires a credential (HTTP 401)'],
  [{ status: 403, start: 'forbidden' }, 'auth_required', 'It rejects the gateway (HTTP 403: forbidden)'],
  [{ status: 403, start: 'Invalid Host' }, 'unhealthy', 'It rejects the Host header h:1 (HTTP 403: Invalid Host)'],
  [{ status: 404 }, 'unhealthy', 'There is no MCP endpoint at http://h:1/mcp (HTTP 404)'],
  [{ status: 405 }, 'unhealthy', 'http://h:1/mcp does not accept POST (HTTP 405)'],
  [{ status: 429 }, 'degraded', 'It limits requests and rejected the check (HTTP 429)'],
  [{ status: 302, location: 'http://e/x?y=1' }, 'unhealthy', 'http://h:1/mcp redirects to http://e/x (HTTP 302)'],
  [{ status: 500, start: 'oops' }, 'unhealthy', 'It fails with HTTP 500: oops'],
  [{ contentType: 'text/html' }, 'unhealthy', 'http://h:1/mcp responds with a web page, not MCP'],
  [{ contentType: 'application/json', start: '{}' }, 'unhealthy', 'http://h:1/mcp responds with JSON that is not MCP'],
  [{ tooLarge: true }, 'unhealthy', 'Its response is larger than a check reads'],
  [{ contentType: 'text/event-stream' }, 'unhealthy', 'http://h:1/mcp ended its response without an answer'],
] as const)('%j', (changes, health, problem) => {
  expect(explain(changes)).toMatchObject({ health, problem });
});

test('the remedy depends on what is set', () => {
  expect(explain({ status: 401 }).remedy).toMatch(/set headers\.Authorization/);
  expect(explain({ status: 401 }, { hasCredentials: true }).remedy).toMatch(/replace it/);
  const byHost = { status: 421, start: 'Invalid Host' };
  expect(explain(byHost).remedy).toMatch(/set hostMode to "public"/);
  expect(explain(byHost, { hostMode: 'public' }).remedy).toMatch(/Set hostMode to "upstream"/);
});

test('what the server says is quoted in one line, from any error body, without secrets', () => {
  const json = 'application/json';
  for (const [start, quoted] of [
    ['{"error":{"message":"down\\nfor s3cret"}}', 'down\\nfor (secret)'],
    ['{"detail":"no"}', 'no'],
    ['{"x":1}', ''],
  ] as const)
    expect(explain({ status: 500, contentType: json, start }).problem).toBe(
      `It fails with HTTP 500${quoted === '' ? '' : `: ${quoted}`}`,
    );
  expect(explain({ status: 500, contentType: 'text/html', start: '<h1>no</h1>' }).problem).toBe(
    'It fails with HTTP 500',
  );
});

test('a more specific failure has a higher rank, and some are final', () => {
  const notFound = explain({ status: 404 });
  const html = explain({ contentType: 'text/html' });
  const credential = explain({ status: 401 });
  expect(notFound.rank).toBeLessThan(html.rank);
  expect(html.rank).toBeLessThan(credential.rank);
  expect([notFound.final, html.final, credential.final]).toEqual([false, false, true]);
});

test('a protocol version that nobody knows is named, whoever found out', () => {
  const error = new Error('Unsupported protocol version');
  expect(explain({ contentType: 'application/json' }, {}, error).problem).toMatch(/supports no protocol version/);
});

test('without a response the cause is named', () => {
  const failure = explainFailure(null, new Error('odd s3cret'), 'http://h:1', context);
  expect(failure).toMatchObject({ problem: 'http://h:1 could not be reached: odd (secret)', final: true });
});
