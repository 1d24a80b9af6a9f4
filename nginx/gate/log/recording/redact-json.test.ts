import { expect, test } from 'vitest';
import { listHidden, redactJson } from './redact-json.ts';
import { redactSecrets } from './secrets.ts';

const bytes = (text: string) => Buffer.from(text).toString('latin1');
const redact = (value: unknown, ...declared: string[]) =>
  JSON.parse(redactJson(bytes(JSON.stringify(value)), listHidden(declared))) as unknown;

test('hidden members lose their values at any depth, in any case and of any type; other members remain', () => {
  const value = {
    city: 'Köln'.slice(0, 1),
    API_KEY: 'x',
    list: [{ 'access-token': { deep: [1, 2] }, n: 1 }, 'plain'],
    password: null,
    iban: 'DE00',
    ok: true,
  };
  expect(redact(value, 'IBAN')).toEqual({
    city: 'K',
    API_KEY: '[redacted]',
    list: [{ 'access-token': '[redacted]', n: 1 }, 'plain'],
    password: '[redacted]',
    iban: '[redacted]',
    ok: true,
  });
  expect(redact(value)).toMatchObject({ iban: 'DE00' });
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
  // A secret written with escapes is the same secret.
  const escaped = `{"text":"\\u00${secret.charCodeAt(0).toString(16)}${JSON.stringify(secret).slice(2)}}`;
  expect(redactJson(bytes(escaped), listHidden([]))).not.toContain(secretPart);
});

const written = (text: string) => redactJson(bytes(text), listHidden([]));

test('a member is hidden however its name is written, also in JSON within a text', () => {
  expect(written('{"pass\\u0077ord":"hunter22","api\\u005fkey":[1]}')).toBe(
    '{"pass\\u0077ord":"[redacted]","api\\u005fkey":"[redacted]"}',
  );
  const inner = '{"a":1,"pass\\u0077ord" : "hunter22","ok":"x"}';
  for (const text of [inner, `\n ${inner}`, `[${inner}]`, JSON.stringify({ text: inner })]) {
    const shown = written(JSON.stringify({ content: [{ text }] }));
    expect(shown).not.toContain('hunter22');
    expect(shown).toContain('[redacted]');
    expect(JSON.parse(shown)).toBeTruthy();
  }
  // Other members remain as written.
  expect(JSON.parse(written(JSON.stringify({ text: '{"n": 1.0, "token": "abc", "m": [] }' })))).toEqual({
    text: '{"n": 1.0, "token": "[redacted]", "m": [] }',
  });
});

test('in a text that is not JSON, escapes do not conceal secrets', () => {
  for (const text of [
    'answer: {"pass\\u0077ord":"hunter22"',
    'answer: {\\"password\\":\\"hunter22\\"}',
    'answer: {\\\\\\"passwor\\\\u0064\\\\\\":\\\\\\"hunter22\\\\\\"}',
    `key \\u0067hp_${'a1'.repeat(18)}`,
  ]) {
    const shown = redactSecrets(text);
    expect(shown, text).not.toMatch(/hunter22|a1a1/);
    expect(shown).toContain('[redacted]');
  }
  for (const text of ['C:\\users\\new', 'a \\u00e9 \\"b\\"', '\\', '\\u00', 'x\\\\y'])
    expect(redactSecrets(text)).toBe(text);
});

test('a secret in the name of a member is redacted too', () => {
  const secret = `ghp_${'a1'.repeat(18)}`;
  const escaped = `\\u0067${secret.slice(1)}`;
  expect(JSON.parse(written(`{"${secret}":1,"${escaped}":{"b":2},"c":{"postgres://u:hunter22@db":3}}`))).toEqual({
    '[redacted]': { b: 2 },
    c: { 'postgres[redacted]@db': 3 },
  });
  // Nothing is shown of a name that parsers read differently.
  expect(written('{"half \\ud800":"x","n":1}')).toBe('{"[redacted]":"[redacted]","n":1}');
});

test('ordinary texts are unchanged', () => {
  for (const text of [
    'risk-assessment-of-a-long-project-name',
    'see https://a.b/c?d=e',
    'a key and a token',
    'Köln',
    '',
  ])
    expect(redactSecrets(text)).toBe(text);
});

test('only the part of a truncated text that was read is shown', () => {
  const json = JSON.stringify({ a: 'one', b: `ghp_${'x'.repeat(40)}`, password: { c: 'two' } });
  for (let end = 1; end < json.length; end += 1) {
    const shown = redactJson(json.slice(0, end), listHidden([]));
    expect(shown).not.toMatch(/ghp_|two/);
  }
  expect(redactJson('no json', listHidden([]))).toBe('');
});
