import { expect, test } from 'vitest';
import { listInForce } from './list-in-force.ts';
import { SETTING_SCHEMA } from './setting-schema.ts';

const SECRET = 'a secret key of the tests, 32 characters and more';

test('every setting in force is listed with its source, secrets without their value', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  const parsed = SETTING_SCHEMA.parse({ SECRET_KEY: SECRET, TLS_CERT: pem, TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1' });
  const listed = listInForce(parsed, (name) => (name === 'SECRET_KEY' ? 'environment' : 'default'));
  const valueOf = (setting: string) => listed.find(({ name }) => name === setting);
  expect(valueOf('SECRET_KEY')).toEqual({ name: 'SECRET_KEY', value: '(secret)', source: 'environment' });
  expect(valueOf('TLS_CERT')?.value).toBe('(PEM text)');
  expect(valueOf('TRUSTED_PROXIES')?.value).toBe('10.0.0.0/8, 127.0.0.1');
  expect(valueOf('GATEWAY_PORT')).toEqual({ name: 'GATEWAY_PORT', value: '8080', source: 'default' });
  expect(JSON.stringify(listed)).not.toContain(SECRET);
});
