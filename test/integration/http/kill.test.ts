import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashKey } from '../../../registry/access/agents/key.ts';
import { createClient } from './client.ts';
import { makeDataDir, PASSWORD, startApp } from './start-app.ts';

const CHILD = join(import.meta.dirname, 'serve-child.ts');
const ROUNDS = 2;
const WRITERS = 4;
const CHANGES = 24;

let folder: ReturnType<typeof makeDataDir>;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = makeDataDir();
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

test('what was acknowledged before a kill -9 is there afterwards, in the database and for the gate', async () => {
  const keys = new Map<string, string>();
  const revoked: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = createClient(await serve());
    expect((await client.logIn('admin', PASSWORD)).status).toBe(200);
    let left = CHANGES + round * 7;
    const exited = once(child!, 'exit');
    const write = async (writer: number) => {
      for (let i = 0; left > 0; i += 1) {
        const name = `r${round}-w${writer}-${i}`;
        const made = await client.post('/api/agents', { body: { name, grants: [{ server: name, tools: ['*'] }] } });
        const key = made.status === 201 ? await client.post(`/api/agents/${name}/keys`) : undefined;
        if (key?.status !== 201) return;
        if (i % 3 !== 2) keys.set(name, String(key.json['key']));
        else {
          // Neither here nor there until the answer has come.
          const gone = await client.delete(`/api/agents/${name}/keys/${String(key.json['id'])}`);
          if (gone.status !== 204) return;
          revoked.push(String(key.json['key']));
        }
        left -= 1;
        if (left === 0) child!.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer).catch(() => undefined)));
    await exited;
    // Before anything is put right: a key that was refused in an answer stays refused.
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
