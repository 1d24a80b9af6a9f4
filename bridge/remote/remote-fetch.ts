import { fetch as undiciFetch, type Agent, type RequestInit as UndiciInit } from 'undici';
import type { McpFile } from '@mcpgw/registry/contract';
import { REFUSED } from './explain-failure.ts';
import { isEventStream } from './media-types.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';

/** A body of the server, or one event of a stream, is longer than allowed. */
class TooLong extends Error {
  override readonly name = 'TooLong';
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BODILESS = [204, 205, 304];

/** Fails on a body that is too long; in an event stream, each event is counted separately. */
function limit(isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let lineBytes = 0;
  const count = (byte: number) => {
    bytes += 1;
    if (byte === LINE_FEED) {
      // An empty line ends an event.
      if (lineBytes === 0) bytes = 0;
      lineBytes = 0;
    } else if (byte !== CARRIAGE_RETURN) lineBytes += 1;
  };
  return new TransformStream({
    transform(chunk, controller) {
      if (isStream) for (const byte of chunk) count(byte);
      else bytes += chunk.length;
      if (bytes > MAX_MESSAGE_BYTES)
        controller.error(new TooLong(`more than ${MAX_MESSAGE_BYTES} bytes in one message`));
      else controller.enqueue(chunk);
    },
  });
}

/** `fetch` to one server, with its credentials, through an agent that is restricted to allowed addresses; redirects are not followed. */
export function createRemoteFetch({ headers: credentials }: McpFile, agent: Agent): typeof fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(credentials)) headers.set(name, value);
    const { method = 'GET', body = null, signal = null } = init;
    const options = { method, headers: [...headers], body, signal, dispatcher: agent, redirect: 'manual' };
    const url = input instanceof Request ? input.url : String(input);
    const response = await undiciFetch(url, options as UndiciInit);
    const { status } = response;
    const responseHeaders = [...response.headers] as [string, string][];
    if (REFUSED.includes(status)) {
      // The body would hide the status, which is sufficient.
      await response.body?.cancel();
      return new Response(null, { status });
    }
    if (response.body === null || BODILESS.includes(status))
      return new Response(null, { status, headers: responseHeaders });
    const isStream = isEventStream(response.headers);
    const limited = (response.body as ReadableStream<Uint8Array>).pipeThrough(limit(isStream));
    return new Response(limited, { status, headers: responseHeaders });
  };
}
