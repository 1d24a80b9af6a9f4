import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

export interface RecordingBackend {
  url: string;
  port: number;
  requests: RecordedRequest[];
  close: () => Promise<void>;
}

type Answer = (request: RecordedRequest, reply: ServerResponse, raw: IncomingMessage) => void;

function answerJson(request: RecordedRequest, reply: ServerResponse): void {
  reply.setHeader('Content-Type', 'application/json');
  reply.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { url: request.url } }));
}

/** A backend on loopback that records its requests, and replies with `answer`; `port` only to reuse that of another. */
export async function startRecordingBackend(answer: Answer = answerJson, port = 0): Promise<RecordingBackend> {
  const requests: RecordedRequest[] = [];
  const server = createServer({ maxHeaderSize: 65_536 }, (raw, reply) => {
    const chunks: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => chunks.push(chunk));
    raw.on('end', () => {
      const request: RecordedRequest = {
        method: raw.method ?? '',
        url: raw.url ?? '',
        headers: raw.headers,
        rawHeaders: raw.rawHeaders,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      answer(request, reply, raw);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const chosen = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${chosen}`,
    port: chosen,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
