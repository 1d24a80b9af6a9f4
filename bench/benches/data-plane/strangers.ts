import { connect } from 'node:net';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { SYSTEM_NGINX } from '../../../test/support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startStaticUpstream } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { listProcessTree, sumPssMb } from '../../measure/pss.ts';
import type { Bench } from '../../measure/report/report.ts';

const ROUNDS = 5;
const HALF_SENT = 600;
const SENDERS = 40;
const BODY_MB = 4;
/** For 640 connections and their heads; the bodies alone would be 160 MB. */
const MOST_MB = 16;

const HALF = 'POST /static/mcp HTTP/1.1\r\nHost: localhost\r\nX-Half: ';
const BODY = Buffer.alloc(BODY_MB * 1024 * 1024, 'x');
const HEAD = `POST /static/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n`;

/** A connection that has sent these parts; `response` returns what was received so far. */
function open(port: number, parts: readonly (string | Buffer)[]) {
  const socket = connect(port, '127.0.0.1');
  let response = '';
  // A client that continues to send after the response may be reset.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (response += chunk.toString('latin1')));
  for (const part of parts) socket.write(part);
  return { response: () => response, close: () => socket.destroy() };
}

/** Memory of NGINX while strangers hold half-sent requests and send bodies. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0] = await findFreePorts(1);
    defer(await startStaticUpstream(upstreamPort));
    const { gate, url, headers } = defer(await startBenchGate(SYSTEM_NGINX, upstreamPort));
    const measure = () => sumPssMb(listProcessTree(gate.nginx.pid));
    const call = async () => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } });
      const { status } = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body,
      });
      if (status !== 200) throw new Error(`a call was answered ${status}`);
    };
    await call();
    const first = measure();
    const rows: string[][] = [['before', first.toFixed(1), '']];
    let most = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const half = Array.from({ length: HALF_SENT }, () => open(gate.port, [HALF]));
      const senders = Array.from({ length: SENDERS }, () => open(gate.port, [HEAD, BODY]));
      await waitFor('every request without a key to be answered', () =>
        senders.every(({ response }) => response() !== ''),
      );
      if (!senders.every(({ response }) => response().startsWith('HTTP/1.1 401')))
        throw new Error('a request without a key got no 401');
      // Agents are served meanwhile.
      await call();
      const during = measure() - first;
      most = Math.max(most, during);
      for (const one of [...half, ...senders]) one.close();
      await call();
      rows.push([`round ${round}`, (first + during).toFixed(1), measure().toFixed(1)]);
    }
    return {
      title: 'Strangers',
      method: `The gate without a registry, NGINX of the system with one worker. ${ROUNDS} times ${HALF_SENT} connections that send half a request and ${SENDERS} without a key that send a body of ${BODY_MB} MB, all from one address; each of the ${SENDERS} gets 401 after its head. PSS of all processes of NGINX in MB, while they are connected and afterwards.`,
      columns: ['', 'MB during', 'MB after'],
      rows,
      bars: [
        {
          what: 'growth while they are connected',
          bar: `≤ ${MOST_MB} MB`,
          value: `${most.toFixed(1)} MB`,
          met: most <= MOST_MB,
        },
      ],
    };
  });
