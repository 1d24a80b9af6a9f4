import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { MAX_BYTES } from '../../../../nginx/gate/upstream/lists/held-bytes.ts';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** A reply of exactly the maximum size whose end never arrives. A worker buffers at most MOST of them. */
const HALF = Buffer.from('{"result":{"tools":[],"x":"'.padEnd(MAX_BYTES, 'x'));
const MOST = 16;

test('a server whose lists never end does not use the buffers for the lists of others', async () => {
  let sent = 0;
  const hostile = await startRecordingBackend((_request, reply) => {
    reply.setHeader('Content-Type', 'application/json');
    reply.write(HALF, () => (sent += 1));
  });
  const backend = await startRecordingBackend();
  const gate = await startGate(NGINX_KINDS[0]!, [
    { path: 'hostile', instances: [planInstance('i1', `${hostile.url}/mcp`)] },
    { path: 'shop', instances: [planInstance('i1', `${backend.url}/mcp`)] },
  ]);
  const sockets: Socket[] = [];
  try {
    const grants = ['hostile', 'shop'].map((server) => ({ server, tools: ['some'] }));
    const key = gate.access.addAgent('narrow', { grants });
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
    for (let n = 0; n < MOST; n += 1) {
      const socket = connect(gate.port, '127.0.0.1', () =>
        socket.write(
          `POST /hostile HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        ),
      );
      socket.on('error', () => undefined);
      socket.resume();
      sockets.push(socket);
    }
    await waitFor('the unfinished replies', () => sent === MOST);
    expect((await ask(gate.url, '/shop', { key, body })).json).toMatchObject({ result: { url: '/mcp' } });
  } finally {
    for (const socket of sockets) socket.destroy();
    await gate.close();
    await hostile.close();
    await backend.close();
  }
});
