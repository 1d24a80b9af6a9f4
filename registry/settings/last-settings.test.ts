import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettingsOrLast } from './last-settings.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-last-'));
  file = join(folder, 'mcpgw.config.yaml');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const SECRET_KEY = 'a secret key of the tests, 32 characters and more';
const read = (env: Record<string, string> = {}) =>
  readSettingsOrLast({ PATH: process.env['PATH'], DATA_DIR: folder, ...env }, folder);

test('with a broken file at a restart the previous settings remain in force, and the error names the line', () => {
  writeFileSync(
    file,
    `settings:\n  GATEWAY_PORT: 9123\n  SECRET_KEY: "${SECRET_KEY}"\n  ADMIN_PASSWORD: not-to-be-stored\n`,
  );
  expect(read()).toMatchObject({ problem: null, settings: { gatewayPort: 9123, secretKey: SECRET_KEY } });
  const stored = join(folder, 'last-settings.json');
  expect(statSync(stored).mode & 0o777).toBe(0o600);
  expect(readFileSync(stored, 'utf8')).not.toContain('not-to-be-stored');

  for (const [text, pattern] of [
    ['settings:\n  GATEWAY_PORT: 9123\n oops: {\n', /mcpgw\.config\.yaml:3:/],
    ['settings:\n  GATEWAY_PROT: 1\n', /mcpgw\.config\.yaml:2:3: settings\.GATEWAY_PROT/],
    ['settings:\n  GATEWAY_PORT: soon\n', /GATEWAY_PORT.*"soon"/],
  ] as const) {
    writeFileSync(file, text);
    const { settings, problem } = read();
    expect(settings).toMatchObject({ gatewayPort: 9123, secretKey: SECRET_KEY });
    expect(problem?.message).toMatch(pattern);
  }
  writeFileSync(file, 'settings: { GATEWAY_PORT: 9124 }\n');
  expect(read()).toMatchObject({ problem: null, settings: { gatewayPort: 9124 } });
});

test('a new file that is broken does not prevent the start; the environment must still be valid', () => {
  expect(read().problem).toBe(null);
  writeFileSync(file, '{ "servers": ');
  expect(read({ GATEWAY_PORT: '9125' })).toMatchObject({
    problem: expect.any(Error),
    settings: { gatewayPort: 9125 },
  });
  expect(() => read({ GATEWAY_PORT: 'soon' })).toThrow('GATEWAY_PORT');
});

test('a first start with a broken file fails', () => {
  writeFileSync(file, 'settings:\n  GATEWAY_PORT: soon\n');
  expect(() => read()).toThrow(/GATEWAY_PORT/);
});
