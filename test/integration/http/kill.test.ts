import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashKey } from '../../../registry/access/agents/key.ts';
import { createClient } from './client.ts';
import { createDataDir, PASSWORD, startApp } from './start-app.ts';

const CHILD = join(import.meta.dirname, 'serve-child.ts');
const ROUNDS = 2;
const WRITERS = 4;
const CHANGES = 24;

let folder: ReturnType<typeof createDataDir>;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = createDataDir();
});
afterEach(() => {
  child?.kill('SIGKILL');
  folder.remove();
});

async function serve(): Promise<string> {
  child = spawn(process.execPath, [CHILD, folder.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('the child ended before it served');
}

test('changes that were acknowledged before a kill -9 exist afterwards, in the database and for the gate', async () => {
  const keys = new Map<string, string>();
  const revoked: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = createClient(await serve());
    expect((await client.logIn('admin', PASSWORD)).status).toBe(200);
    let remaining = CHANGES + round * 7;
    const exited = once(child!, 'exit');
    const write = async (writer: number) => {
      for (let i = 0; remaining > 0; i += 1) {
        const name = `r${round}-w${writer}-${i}`;
        const created = await client.post('/api/agents', { body: { name, grants: [{ server: name, tools: ['*'] }] } });
        const key = created.status === 201 ? await client.post(`/api/agents/${name}/keys`) : undefined;
        if (key?.status !== 201) return;
        if (i % 3 !== 2) keys.set(name, String(key.json['key']));
        else {
          // In neither list until the response has arrived.
          const gone = await client.delete(`/api/agents/${name}/keys/${String(key.json['id'])}`);
          if (gone.status !== 204) return;
          revoked.push(String(key.json['key']));
        }
        remaining -= 1;
        if (remaining === 0) child!.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer).catch(() => undefined)));
    await exited;
    // Before any repair at start: a key whose revocation was acknowledged stays revoked.
    for (const key of revoked)
      expect(existsSync(join(folder.dataDir, 'access', 'keys', `${hashKey(key)}.json`))).toBe(false);
    for (const key of keys.values())
      expect(existsSync(join(folder.dataDir, 'access', 'keys', `${hashKey(key)}.json`))).toBe(true);
  }
  expect(keys.size).toBeGreaterThan(ROUNDS * 10);
  expect(revoked.length).toBeGreaterThan(ROUNDS);
  const again = await startApp(folder.dataDir);
  try {
    for (const [name, key] of keys) {
      expect(await again.access.agents.get(name)).toMatchObject({ grants: [{ server: name, tools: ['*'] }] });
      expect((await again.store.agents.byKeyHash(hashKey(key)))?.agent.name).toBe(name);
    }
    for (const key of revoked) expect(await again.store.agents.byKeyHash(hashKey(key))).toBeUndefined();
  } finally {
    await again.close();
  }
});
