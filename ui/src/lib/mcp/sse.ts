import { answerServerRequest } from './answer-server-request.ts';
import type { Connection } from './connection.ts';
import { CAPABILITIES, CLIENT_INFO, McpError, type Json, type Message, type RequestHandlers } from './message.ts';
import { postMessage, type Endpoint } from './post-message.ts';
import { readEvents } from './read-events.ts';

/** The protocol version of servers with this transport. */
const VERSION = '2024-11-05';

interface Waiting {
  resolve: (result: Json) => void;
  reject: (error: Error) => void;
  handlers: RequestHandlers;
}

/** The URL that messages are posted to. The key is sent there, so it must have the origin of the stream, as the specification requires. */
function resolveEndpoint(named: string, url: string): string {
  const endpoint = new URL(named, url);
  if (endpoint.origin !== new URL(url).origin)
    throw new McpError(
      `The server names a message endpoint at ${endpoint.origin}, which is not the origin of its stream. Nothing was sent there.`,
    );
  return endpoint.href;
}

/** Connects to a server that only has the older SSE transport. Throws McpError. */
export async function connectSse({ url, key }: Endpoint): Promise<Connection> {
  const waiting = new Map<unknown, Waiting>();
  const closing = new AbortController();
  let open: (url: string) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const endpoint = new Promise<string>((resolve, reject) => ([open, refuse] = [resolve, reject]));
  // Reported by the request that waits for it.
  endpoint.catch(() => undefined);
  let nextId = 1;

  function fail(error: Error): void {
    refuse(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
  function receive(message: Message): void {
    const known = waiting.get(message.id);
    if (message.method !== undefined) {
      // One stream carries all messages of a connection: a request of the server is attributed to the newest request.
      const { handlers = {} } = [...waiting.values()].at(-1) ?? {};
      if (message.id === undefined) handlers.onNotification?.(message);
      else void answerServerRequest(message, handlers).then(post).catch(fail);
    } else if (known !== undefined) {
      waiting.delete(message.id);
      if (message.error) known.reject(new McpError(message.error.message, message.error.code, message.error.data));
      else known.resolve(message.result ?? {});
    }
  }
  async function listen(): Promise<void> {
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${key}`, Accept: 'text/event-stream' },
      credentials: 'omit',
      signal: closing.signal,
    });
    if (!response.ok || response.body === null) throw new McpError(`The server responded with ${response.status}`);
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'endpoint') open(resolveEndpoint(data, url));
      else if (data !== '') receive(JSON.parse(data) as Message);
    }
    throw new McpError('The server closed the connection');
  }
  const post = async (message: Message): Promise<void> => postMessage({ url: await endpoint, key }, message);

  async function send(method: string, params: Json, handlers: RequestHandlers): Promise<Json> {
    const id = nextId++;
    const response = new Promise<Json>((resolve, reject) => waiting.set(id, { resolve, reject, handlers }));
    // If posting fails too, that error is reported.
    response.catch(() => undefined);
    const cancel = () => {
      waiting.get(id)?.reject(new DOMException('Cancelled', 'AbortError'));
      waiting.delete(id);
      void post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }).catch(
        () => undefined,
      );
    };
    handlers.signal?.addEventListener('abort', cancel, { once: true });
    const meta = method === 'initialize' ? {} : { _meta: { progressToken: id } };
    await post({ jsonrpc: '2.0', id, method, params: { ...params, ...meta } });
    return response.finally(() => handlers.signal?.removeEventListener('abort', cancel));
  }

  listen().catch((error: unknown) => fail(error instanceof Error ? error : new McpError(String(error))));
  const initialized = await send(
    'initialize',
    { protocolVersion: VERSION, capabilities: CAPABILITIES, clientInfo: CLIENT_INFO },
    {},
  );
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    capabilities: (initialized['capabilities'] ?? {}) as Json,
    request: (method, params, handlers = {}) => send(method, params, handlers),
    close: () => closing.abort(),
  };
}
