import { expect, test } from 'vitest';
import { listHidden, redactJson } from './redact-json.ts';
import { redactSecrets } from './secrets.ts';

const bytes = (text: string) => Buffer.from(text).toString('latin1');
const redact = (value: unknown, ...declared: string[]) =>
  JSON.parse(redactJson(bytes(JSON.stringify(value)), listHidden(declared))) as unknown;

test('hidden members lose their values at any depth, whatever their case and type; what is beside them stays', () => {
  const given = {
    city: 'Köln'.slice(0, 1),
    API_KEY: 'x',
    list: [{ 'access-token': { deep: [1, 2] }, n: 1 }, 'plain'],
    password: null,
    iban: 'DE00',
    ok: true,
  };
  expect(redact(given, 'IBAN')).toEqual({
    city: 'K',
    API_KEY: '[redacted]',
    list: [{ 'access-token': '[redacted]', n: 1 }, 'plain'],
    password: '[redacted]',
    iban: '[redacted]',
    ok: true,
  });
  expect(redact(given)).toMatchObject({ iban: 'DE00' });
});

const JWT = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(20)}.${'b'.repeat(20)}`;
test.each([
  ['a key of this gateway', `mgw_${'0'.repeat(43)}_abcdef`],
  ['GitHub', `ghp_${'a1'.repeat(18)}`],
  ['GitHub, fine-grained', `github_pat_${'a1'.repeat(20)}`],
  ['Slack', 'xoxb-123456789012-abcdef'],
  ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['Google', `AIza${'x'.repeat(35)}`],
  ['a JWT', JWT],
  ['a bearer token', 'Authorization: Bearer abc.def-ghi'],
  ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END RSA PRIVATE KEY-----`],
  ['a password in a URL', 'postgres://user:hunter22@db:5432/x'],
  ['a password in JSON within a text', '{"db_password": "hunter22"}'],
  ['a password in a setting', 'host=a;Password=hunter22;db=c'],
])('%s is recognised, also after a line break and with text around it', (_name, secret) => {
  const secretPart = /hunter22|abc\.def-ghi|A{64}|[\w.-]{18,}/.exec(secret)?.[0] ?? secret;
  for (const text of [secret, `before\n${secret} after`, `"${secret}"`]) {
    const shown = redactSecrets(text);
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain(secretPart);
  }
  expect(redactSecrets(`before ${secret} after`)).toMatch(/^before .* after$/s);
  // Written with escapes, it is the same secret.
  const escaped = `{"text":"\\u00${secret.charCodeAt(0).toString(16)}${JSON.stringify(secret).slice(2)}}`;
  expect(redactJson(bytes(escaped), listHidden([]))).not.toContain(secretPart);
});

test('ordinary texts stay as they are', () => {
  for (const text of [
    'risk-assessment-of-a-long-project-name',
    'see https://a.b/c?d=e',
    'a key and a token',
    'Köln',
    '',
  ])
    expect(redactSecrets(text)).toBe(text);
});

test('of a text that is cut off, only what was read is shown', () => {
  const json = JSON.stringify({ a: 'one', b: `ghp_${'x'.repeat(40)}`, password: { c: 'two' } });
  for (let end = 1; end < json.length; end += 1) {
    const shown = redactJson(json.slice(0, end), listHidden([]));
    expect(shown).not.toMatch(/ghp_|two/);
  }
  expect(redactJson('no json', listHidden([]))).toBe('');
});
