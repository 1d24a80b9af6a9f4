import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDataDir, startApp } from '../http/start-app.ts';

test('a password that nobody chose is given once and works; the key is nowhere in the data folder', async () => {
  const other = makeDataDir();
  const started = await startApp(other.dataDir, { adminPassword: undefined });
  try {
    const { password, key } = started.first!;
    expect(password).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(await started.access.users.verifyLogin('admin', password!)).toMatchObject({ role: 'admin' });
    for (const name of readdirSync(other.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )) {
      const bytes = readFileSync(join(name.parentPath, name.name)).toString('latin1');
      expect(bytes.includes(key) || bytes.includes(password!), name.name).toBe(false);
    }
  } finally {
    await started.close();
    other.remove();
  }
});

test('a chosen password that could not be used later is refused at the start, naming it', async () => {
  const other = makeDataDir();
  for (const password of ['short', 'ü'.repeat(40)])
    await expect(startApp(other.dataDir, { adminPassword: password })).rejects.toThrow('ADMIN_PASSWORD');
  other.remove();
});
