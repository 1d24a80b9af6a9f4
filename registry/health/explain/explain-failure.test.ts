import { expect, test } from 'vitest';
import { createAnswer } from '../rpc/answer.ts';
import type { Evidence } from '../transport/recording-fetch.ts';
import { explainFailure } from './explain-failure.ts';
import type { FailureContext } from './failure.ts';

const context: FailureContext = {
  registered: 'http://h:1/mcp',
  hostMode: 'upstream',
  hasCredentials: false,
  secrets: ['s3cret'],
};
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
const answer = createAnswer('initialize', 'http://h:1/mcp', 300);
const explain = (changes: Partial<Evidence>, more: Partial<FailureContext> = {}) =>
  explainFailure({ ...answer, evidence: evidence(changes) }, { ...context, ...more });

// Explanations of real HTTP responses are tested in test/integration/health/probe/odd-backends.test.ts.
test('the remedy depends on the configuration', () => {
  expect(explain({ status: 401 }).remedy).toMatch(/set headers\.Authorization/);
  expect(explain({ status: 401 }, { hasCredentials: true }).remedy).toMatch(/replace it/);
  const byHost = { status: 421, start: 'Invalid Host' };
  expect(explain(byHost).remedy).toMatch(/set hostMode to "public"/);
  expect(explain(byHost, { hostMode: 'public' }).remedy).toMatch(/Set hostMode to "upstream"/);
});

test('the registered address is included if another one was requested', () => {
  expect(explain({ status: 500 }).problem).toBe('It fails with HTTP 500. Failed step: initialize at http://h:1/mcp');
  expect(explain({ status: 500 }, { registered: 'http://h:1' }).problem).toMatch(/, registered as http:\/\/h:1$/);
});

test('the message of the server is quoted in one line, from any error body, without secrets', () => {
  const json = 'application/json';
  for (const [start, quoted] of [
    ['{"error":{"message":"down\\nfor s3cret"}}', ': down\\nfor (secret)'],
    ['{"detail":"no"}', ': no'],
    ['{"x":1}', ''],
  ] as const)
    expect(explain({ status: 500, contentType: json, start }).problem).toContain(`It fails with HTTP 500${quoted}. `);
  expect(explain({ status: 500, contentType: 'text/html', start: '<h1>no</h1>' }).problem).toContain('HTTP 500. ');
});

test('a more specific failure has a higher rank, and some are final', () => {
  const notFound = explain({ status: 404 });
  const html = explain({ contentType: 'text/html' });
  const credential = explain({ status: 401 });
  expect(notFound.rank).toBeLessThan(html.rank);
  expect(html.rank).toBeLessThan(credential.rank);
  expect([notFound.final, html.final, credential.final]).toEqual([false, false, true]);
});

test('a response that is too large is no network error', () => {
  const error = Object.assign(new Error('more'), { name: 'ReplyTooLarge' });
  const failure = explainFailure({ ...answer, error, evidence: evidence({ status: 202 }) }, context);
  expect(failure.problem).toMatch(/exceeds the size limit of a check/);
});

test('without a response the cause is named', () => {
  const failure = explainFailure({ ...answer, error: new Error('odd s3cret') }, context);
  expect(failure.problem).toMatch(/^It could not be reached: odd \(secret\)\. /);
  expect(failure.final).toBe(true);
});
