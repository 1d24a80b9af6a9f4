import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { prepareLive } from '../../test/support/live/prepare-live.ts';

const on = prepareLive();

test('an upgrade without a session, by a page of another origin or at another address is refused', async () => {
  await on.start();
  const refused = async (target: string, headers: Record<string, string>) => {
    const socket = new WebSocket(target, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of response) body.push(chunk as Buffer);
    const problem = JSON.parse(Buffer.concat(body).toString()) as { status: number; hint: string };
    expect(problem.status).toBe(response.statusCode);
    expect(problem.hint).not.toBe('');
    return response.statusCode;
  };
  expect(await refused(on.url, {})).toBe(401);
  expect(await refused(on.url, { authorization: 'mallory' })).toBe(401);
  expect(await refused(on.url, { authorization: 'ada', origin: 'https://evil.example.com' })).toBe(403);
  expect(await refused(on.url.replace('/ws', '/wsx'), { authorization: 'ada' })).toBe(404);
  const client = on.open({ authorization: 'ada', origin: 'https://gateway.example.com' });
  await client.until('snapshot');
  expect(on.live.clients).toBe(1);
});
