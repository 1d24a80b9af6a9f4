import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDataDir, startApp } from '../http/start-app.ts';

test('a generated admin password is returned once and works; neither it nor the key is in the data folder in plain text', async () => {
  const other = createDataDir();
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

test('an ADMIN_PASSWORD that is too short or too long is refused at start with the name of the setting', async () => {
  const other = createDataDir();
  for (const password of ['short', 'ü'.repeat(40)])
    await expect(startApp(other.dataDir, { adminPassword: password })).rejects.toThrow('ADMIN_PASSWORD');
  other.remove();
});
