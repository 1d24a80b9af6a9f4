import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRunningSettings } from './running-settings.ts';

test('the ports of a running start are read, but nothing that names a program, a file or a secret', () => {
  const proc = mkdtempSync(join(tmpdir(), 'mcpgw-proc-'));
  onTestFinished(() => rmSync(proc, { recursive: true }));
  mkdirSync(join(proc, '42'));
  const environment = ['GATEWAY_PORT=18080', 'REGISTRY_PORT=', 'NGINX_BIN=/tmp/evil', 'SECRET_KEY=x=y', 'odd', ''];
  writeFileSync(join(proc, '42/environ'), environment.join('\0'));
  expect(readRunningSettings(proc, 42)).toEqual({ GATEWAY_PORT: '18080' });
  expect(readRunningSettings(proc, 43)).toEqual({});
  expect(readRunningSettings(proc, null)).toEqual({});
});
