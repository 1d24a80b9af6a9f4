import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pingProcess } from './ping-process.ts';

let folder = '';
const closers: (() => void)[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mcpgw-ping-'))));
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

test('a process that sends any response is running', async () => {
  const http = createHttpServer((_, response) => response.writeHead(405).end());
  closers.push(() => http.close());
  const socket = join(folder, 'a.sock');
  await new Promise<void>((resolve) => http.listen(socket, resolve));
  expect(await pingProcess(socket)).toHaveProperty('ms');
});

test('a process that accepts connections but never responds is down, as is a missing one', async () => {
  const mute = createServer((connection) => closers.push(() => connection.destroy()));
  closers.push(() => mute.close());
  const socket = join(folder, 'b.sock');
  await new Promise<void>((resolve) => mute.listen(socket, resolve));
  expect(await pingProcess(socket, 50)).toEqual({ problem: 'it does not answer within 0.05 s' });
  expect(await pingProcess(join(folder, 'none.sock'))).toEqual({ problem: 'it does not run' });
});
