import { McpError, type Message } from './message.ts';
import { readEvents } from './read-events.ts';

export interface Endpoint {
  url: string;
  key: string;
}

async function toError(response: Response): Promise<McpError> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as Message;
    if (error !== undefined) return new McpError(error.message, error.code, error.data);
  } catch {
    // Not JSON: the status is reported.
  }
  return new McpError(`The server responded with ${response.status} ${response.statusText}`.trim());
}

/**
 * Posts one message and calls `onMessage` with each message of the response, either JSON or a stream of events. Resolves when the response
 * has ended. Throws McpError, or the error of `fetch`.
 */
export async function postMessage(
  { url, key }: Endpoint,
  message: Message,
  options: {
    headers?: Record<string, string>;
    signal?: AbortSignal | undefined;
    onMessage?: (message: Message) => void;
    onHeaders?: (headers: Headers) => void;
  } = {},
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...options.headers,
    },
    // The session of the UI is not part of a call.
    credentials: 'omit',
    cache: 'no-store',
    body: JSON.stringify(message),
    signal: options.signal ?? null,
  });
  options.onHeaders?.(response.headers);
  if (!response.ok) throw await toError(response);
  const type = response.headers.get('Content-Type') ?? '';
  const { onMessage = () => undefined } = options;
  if (response.status === 202 || response.body === null) return;
  if (type.startsWith('text/event-stream')) {
    for await (const { data } of readEvents(response.body)) {
      // An empty event only contains the id for resuming the stream.
      if (data !== '') onMessage(JSON.parse(data) as Message);
    }
  } else {
    const text = await response.text();
    if (text !== '') onMessage(JSON.parse(text) as Message);
  }
}
