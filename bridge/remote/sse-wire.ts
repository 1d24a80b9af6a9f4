import { createParser } from 'eventsource-parser';
import { resolveMessageEndpoint } from '../../registry/contract/gate/resolve-message-endpoint.ts';
import { isRequest, parseMessage, type Message } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import { explainFailure, explainLoss, explainStatus } from './explain-failure.ts';
import type { HttpTarget } from './http-wire.ts';
import { isEventStream } from './media-types.ts';
import { MAX_MESSAGE_BYTES, type Wire, type WireEvents } from './wire.ts';
import { BridgeError } from '../bridge-error.ts';

const OPEN_MS = 15_000;

const explainSilence = (path: string): BridgeError =>
  new BridgeError(
    'broken_reply',
    `the server of "${path}" did not open an MCP event stream within ${OPEN_MS / 1_000} s`,
    'Check that its URL is that of an MCP server.',
  );

interface Stream {
  endpoint: Promise<string>;
  /** Resolves with how it ended. */
  ended: Promise<string>;
}

function readStream(body: ReadableStream<Uint8Array>, path: string, events: WireEvents): Stream {
  const endpoint = Promise.withResolvers<string>();
  endpoint.promise.catch(() => undefined);
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: MAX_MESSAGE_BYTES,
    onEvent({ event, data }) {
      if (event === 'endpoint') {
        endpoint.resolve(data.trim());
        return;
      }
      const message = parseMessage(data);
      if (message === undefined) events.noise(data);
      else events.receive(message);
    },
  });
  const read = async () => {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>)
      parser.feed(decoder.decode(chunk, { stream: true }));
    return 'the server ended the stream';
  };
  const ended = read().catch((error: unknown) => explainFailure(path, error).message);
  void ended.then((how) => endpoint.reject(explainLoss(path, how)));
  return { endpoint: endpoint.promise, ended };
}

/** Connects to a server over the SSE transport of 2024-11-05. Throws BridgeError. Messages are sent to the path that it announces, at the origin of its stream. */
export async function openSseWire({ path, url, fetch: fetchServer }: HttpTarget, events: WireEvents): Promise<Wire> {
  const closing = new AbortController();
  const post = async (address: URL, message: Message) => {
    const response = await fetchServer(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify(message),
      signal: closing.signal,
    });
    await response.body?.cancel();
    return response.status;
  };
  let isOver = false;
  const lose = (error: BridgeError) => {
    if (isOver) return;
    isOver = true;
    closing.abort();
    events.lost(error);
  };

  async function open(): Promise<{ address: URL; ended: Promise<string> }> {
    const response = await fetchServer(url, { headers: { accept: 'text/event-stream' }, signal: closing.signal });
    const isStream = isEventStream(response.headers);
    if (response.status !== 200 || !isStream || response.body === null) {
      await response.body?.cancel();
      throw explainStatus(path, response.status);
    }
    const stream = readStream(response.body, path, events);
    const endpoint = await stream.endpoint;
    const found = resolveMessageEndpoint(endpoint, new URL(url).pathname);
    if (found === undefined)
      throw new BridgeError(
        'broken_reply',
        `the server of "${path}" announced no usable URL for messages`,
        'Its "endpoint" event must contain a path at its own origin.',
      );
    const query = found.query === '' ? '' : `?${found.query}`;
    return { address: new URL(`${new URL(url).origin}${found.path}${query}`), ended: stream.ended };
  }
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    closing.abort();
  }, OPEN_MS);
  const { address, ended } = await open()
    .catch((error: unknown) => {
      closing.abort();
      throw isLate ? explainSilence(path) : explainFailure(path, error);
    })
    .finally(() => clearTimeout(late));
  void ended.then((how) => lose(explainLoss(path, how)));

  return {
    send(message) {
      post(address, message).then(
        (status) => {
          if (status < 300) return;
          const refusal = explainStatus(path, status);
          // Without its session nothing can be sent.
          if (status === 404 || status === 400) lose(explainLoss(path, 'the server has forgotten the session'));
          else if (isRequest(message)) events.receive({ jsonrpc: '2.0', id: message.id, error: toRpcError(refusal) });
        },
        (error: unknown) => lose(explainLoss(path, explainFailure(path, error).message)),
      );
      return true;
    },
    close() {
      isOver = true;
      closing.abort();
      return Promise.resolve();
    },
  };
}
