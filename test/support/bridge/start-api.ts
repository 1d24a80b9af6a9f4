import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  /** With its query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface Api {
  url: string;
  /** Requests as they were received. */
  seen: SeenRequest[];
  close: () => Promise<void>;
}

/** Starts an HTTP server on a free port; `answer` gets each request with its whole body. */
export async function startApi(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<Pick<Api, 'url' | 'close'>> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      answer({ method, url, headers, body: Buffer.concat(chunks) }, response);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
