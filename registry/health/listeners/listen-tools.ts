import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Dispatcher } from 'undici';
import type { HostMode } from '../../contract/index.ts';
import { CLIENT_INFO } from '../../lib/version.ts';
import { endSession } from '../transport/end-session.ts';
import { createRecordingFetch } from '../transport/recording-fetch.ts';
import { limitRate } from './limit-rate.ts';

export interface ListenTarget {
  serverId: string;
  /** Changes when the server does: then the connection is opened again. */
  revision: number;
  url: string;
  query: string;
  headers: Record<string, string>;
  hostMode: HostMode;
}

export interface ListenOptions {
  dispatcher: Dispatcher;
  publicHost: string;
  /** Read for each connection. */
  connectMs: () => number;
  onChanged: (serverId: string) => void;
  /** The connection ended, on either side; `isUnsupported` when the server offers no stream at all, and will not later. */
  onEnd: (serverId: string, isUnsupported: boolean) => void;
}

// A listener that received this much is closed and opened again: nothing grows without bound.
const MAX_BYTES = 64 * 1024 * 1024;
const NOTIFY_MS = 3_000;
// Timeouts and limits: it may work later.
const RETRYABLE = [408, 425, 429];
const NO_RECONNECTION = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

function opensStream(init: RequestInit | undefined): boolean {
  return init?.method === 'GET' || (typeof init?.body === 'string' && init.body.includes('"subscriptions/listen"'));
}

/**
 * Opens one connection on which a server notifies of changes of its tools (`notifications/tools/list_changed`; the GET stream of the legacy
 * era, `subscriptions/listen` in the modern one). Returns a function that ends it and its session. Never throws.
 */
export function listenForTools(target: ListenTarget, options: ListenOptions): () => Promise<void> {
  const closing = new AbortController();
  const recording = createRecordingFetch({
    dispatcher: options.dispatcher,
    host: target.hostMode === 'public' ? options.publicHost : null,
    maxBytes: MAX_BYTES,
    signal: closing.signal,
  });
  const url = target.url + (target.query === '' ? '' : `?${target.query}`);
  let ended: Promise<void> | null = null;
  let notifiedMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  /** Throttled: however often a server sends the notification, its tools are not listed all the time. */
  function notify(): void {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        notifiedMs = performance.now();
        options.onChanged(target.serverId);
      },
      Math.max(0, notifiedMs + NOTIFY_MS - performance.now()),
    );
  }

  const client = new Client(CLIENT_INFO, {
    versionNegotiation: { mode: 'auto' },
    listChanged: {
      tools: {
        autoRefresh: false,
        // The SDK's own debounce waits for silence, which may never come.
        debounceMs: 0,
        onChanged: notify,
      },
    },
  });
  client.onerror = () => undefined;
  client.onclose = () => {
    end(false);
  };
  recording.overflow.addEventListener('abort', () => {
    end(false);
  });

  async function watchedFetch(input: string | URL, init?: RequestInit): Promise<Response> {
    const reply = await recording.fetch(input, init);
    if (!opensStream(init)) return reply;
    if (!reply.ok || reply.body === null) {
      end(reply.status < 500 && !RETRYABLE.includes(reply.status));
      return reply;
    }
    // There was no notification of changes since the last list.
    notify();
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      flush() {
        end(false);
      },
    });
    return new Response(reply.body.pipeThrough(limitRate(closing.signal)).pipeThrough(watch), {
      status: reply.status,
      headers: reply.headers,
    });
  }

  async function disconnect(): Promise<void> {
    clearTimeout(timer);
    const protocolVersion = client.getNegotiatedProtocolVersion();
    await client.close().catch(() => undefined);
    await endSession(recording, { url, headers: target.headers, protocolVersion });
    closing.abort();
  }

  function end(isUnsupported: boolean): void {
    ended ??= Promise.resolve()
      .then(disconnect)
      .then(() => {
        options.onEnd(target.serverId, isUnsupported);
      });
  }

  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: target.headers },
    fetch: watchedFetch,
    reconnectionOptions: NO_RECONNECTION,
  });
  client.connect(transport, { timeout: options.connectMs(), signal: closing.signal }).catch(() => {
    end(false);
  });
  return () => {
    end(false);
    return ended ?? Promise.resolve();
  };
}
