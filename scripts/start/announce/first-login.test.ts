import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeShown, readFirstLogin } from './first-login.ts';
import { renderAnnouncement } from './announcement.ts';

const KEY = `mgw_${'a'.repeat(43)}_${'b'.repeat(6)}`;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-login-'));
  writeFileSync(join(folder, 'first-login.txt'), `user: admin\npassword: correct-horse\nfirst agent key: ${KEY}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('the key is removed after it was shown; the password stays in the file if there was no terminal', () => {
  const login = readFirstLogin(folder)!;
  expect(login).toMatchObject({ password: 'correct-horse', key: KEY });
  removeShown(login, { password: false, key: true });
  expect(readFileSync(login.file, 'utf8')).toBe('user: admin\npassword: correct-horse\n');
  expect(readFirstLogin(folder)).toMatchObject({ password: 'correct-horse', key: null });
  removeShown(login, { password: true, key: true });
  expect(existsSync(login.file)).toBe(false);
  expect(readFirstLogin(folder)).toBeNull();
});

test('the announcement shows the password on a terminal only, and the key with a valid snippet', () => {
  const login = readFirstLogin(folder);
  const facts = {
    ...{ gatewayUrl: 'http://localhost:8080', adminUser: 'admin', login, demoPath: null, logDir: '/l' },
    devCaFile: null,
  };
  expect(renderAnnouncement({ ...facts, onTerminal: true, devCaFile: '/d/ca.crt' })).toContain(
    'NODE_EXTRA_CA_CERTS=/d/ca.crt',
  );
  expect(renderAnnouncement({ ...facts, onTerminal: true })).toContain('password correct-horse');
  const elsewhere = renderAnnouncement({ ...facts, onTerminal: false });
  expect(elsewhere).not.toContain('correct-horse');
  expect(elsewhere).toContain(login!.file);
  expect(JSON.parse(elsewhere.slice(elsewhere.indexOf('{')))).toEqual({
    mcpServers: {
      weather: { type: 'http', url: 'http://localhost:8080/weather/mcp', headers: { Authorization: `Bearer ${KEY}` } },
    },
  });
  expect(renderAnnouncement({ ...facts, login: null, onTerminal: true })).not.toContain('mgw_');
});
