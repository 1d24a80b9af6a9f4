import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerView } from '../../../registry/contract/index.ts';
import { createServerView } from '../registry/create-server-view.ts';

/** One request that the REST API received. */
interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}
interface Answer {
  status: number;
  body: unknown;
}

/** Replaces the registry, to record the requests of its clients and their credentials. */
export interface RecordingRegistry {
  url: string;
  seen: Seen[];
  answer: (seen: Seen) => Answer | Promise<Answer>;
  close: () => Promise<void>;
}

export const weather: ServerView = {
  ...createServerView('team/weather', 'Forecasts'),
  id: 'abc',
  name: 'Weather',
  tags: ['demo'],
  metadata: { owner: 'meteo' },
  toolCount: 2,
  latencyMs: 3,
  gatewayUrl: 'http://localhost:8080/team/weather/mcp',
  revision: 4,
};
export const change = { ...weather, applied: true, generation: 7 };
export const tools = [
  {
    name: 'forecast',
    description: 'Says how the weather\nwill be',
    inputSchema: { type: 'object', properties: { at: { $ref: '#/x' } } },
  },
];

/** Starts one on a free port. */
export async function recordRegistry(): Promise<RecordingRegistry> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = {
        method,
        url,
        authorization: headers.authorization,
        headers,
        body: Buffer.concat(chunks).toString(),
      };
      recording.seen.push(one);
      void Promise.resolve(recording.answer(one)).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const recording: RecordingRegistry = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    seen: [],
    answer: () => ({ status: 200, body: { items: [] } }),
    close: async () => {
      if (!http.listening) return;
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
  return recording;
}

/** A finding of a scan in the description of a tool. */
export const secrecy = {
  rule: 'secrecy',
  severity: 'danger',
  field: 'description',
  start: 0,
  end: 4,
  text: 'Says',
  message: 'it asks for secrecy',
};
