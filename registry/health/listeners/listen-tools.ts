import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Dispatcher } from 'undici';
import type { HostMode } from '../../contract/index.ts';
import { createExchange } from '../transport/recording-fetch.ts';

export interface ListenTarget {
  serverId: string;
  /** Changes when the server does: then the connection is made anew. */
  revision: number;
  url: string;
  query: string;
  headers: Record<string, string>;
  hostMode: HostMode;
}

export interface ListenOptions {
  dispatcher: Dispatcher;
  publicHost: string;
  /** Read anew for each connection. */
  connectMs: () => number;
  changed: (serverId: string) => void;
  /** The connection is over, whoever ended it; `useless` when the server offers no stream at all, and will not later. */
  ended: (serverId: string, useless: boolean) => void;
}

const SELF = { name: 'mcpgw', version: '0.1.0' };
// A listener that received this much is closed and made anew: nothing grows without bound.
const MAX_BYTES = 64 * 1024 * 1024;
const RELIST_MS = 3_000;
// Too early, too much: another time it may do.
const LATER = [408, 425, 429];
const NEVER_AGAIN = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

function isStanding(init: RequestInit | undefined): boolean {
  return init?.method === 'GET' || (typeof init?.body === 'string' && init.body.includes('"subscriptions/listen"'));
}

/**
 * Keeps one connection open on which a server says when its tools change (`notifications/tools/list_changed`; the GET stream of the legacy
 * era, `subscriptions/listen` in the modern one). Gives what ends it. Its session is ended with it. Never throws.
 */
export function listenForTools(target: ListenTarget, options: ListenOptions): () => Promise<void> {
  const ending = new AbortController();
  const exchange = createExchange({
    dispatcher: options.dispatcher,
    host: target.hostMode === 'public' ? options.publicHost : null,
    maxBytes: MAX_BYTES,
    signal: ending.signal,
  });
  const url = target.url + (target.query === '' ? '' : `?${target.query}`);
  let over: Promise<void> | null = null;
  let told = -Infinity;
  let telling: NodeJS.Timeout | undefined;

  /** However often a server says it, its tools are listed at most once in a while. */
  function tell(): void {
    telling ??= setTimeout(
      () => {
        telling = undefined;
        told = performance.now();
        options.changed(target.serverId);
      },
      Math.max(0, told + RELIST_MS - performance.now()),
    );
  }

  const client = new Client(SELF, {
    versionNegotiation: { mode: 'auto' },
    listChanged: {
      tools: {
        autoRefresh: false,
        // The SDK's own waits for silence, which a talkative server never gives.
        debounceMs: 0,
        onChanged: tell,
      },
    },
  });
  client.onerror = () => undefined;
  client.onclose = () => {
    end(false);
  };
  exchange.overflow.addEventListener('abort', () => {
    end(false);
  });

  async function watchedFetch(input: string | URL, init?: RequestInit): Promise<Response> {
    const reply = await exchange.fetch(input, init);
    if (!isStanding(init)) return reply;
    if (!reply.ok || reply.body === null) {
      end(reply.status < 500 && !LATER.includes(reply.status));
      return reply;
    }
    // What changed since the last list was told to nobody.
    tell();
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      flush() {
        end(false);
      },
    });
    return new Response(reply.body.pipeThrough(watch), { status: reply.status, headers: reply.headers });
  }

  async function farewell(): Promise<void> {
    clearTimeout(telling);
    const version = client.getNegotiatedProtocolVersion();
    await client.close().catch(() => undefined);
    if (exchange.sessionId !== null)
      await exchange
        .fetch(url, {
          method: 'DELETE',
          headers: {
            ...target.headers,
            'mcp-session-id': exchange.sessionId,
            ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
          },
        })
        .then((reply) => reply.body?.cancel())
        .catch(() => undefined);
    ending.abort();
  }

  function end(useless: boolean): void {
    over ??= Promise.resolve()
      .then(farewell)
      .then(() => {
        options.ended(target.serverId, useless);
      });
  }

  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: target.headers },
    fetch: watchedFetch,
    reconnectionOptions: NEVER_AGAIN,
  });
  client.connect(transport, { timeout: options.connectMs(), signal: ending.signal }).catch(() => {
    end(false);
  });
  return () => {
    end(false);
    return over ?? Promise.resolve();
  };
}
