import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Era, LeftOutTool, ProbeResult, Tool } from '../../contract/index.ts';
import { joinSignals } from '../transport/deadline.ts';
import type { Exchange } from '../transport/recording-fetch.ts';
import { listAllTools, ToolsRefused } from './list-all-tools.ts';
import { explainLeftOut } from './validate-tools.ts';

export interface Conversation {
  era: Era;
  protocolVersion: string | null;
  serverInfo: ProbeResult['serverInfo'];
  capabilities: string[];
  tools: Tool[];
  leftOut: LeftOutTool[];
  /** From the first request to the end of the handshake, in milliseconds. */
  latencyMs: number;
  /** The handshake passed, but the list of tools did not, or not all of it; in words. */
  toolsProblem: { problem: string; remedy: string } | null;
}

export interface ConverseOptions {
  /** Endpoint with the instance's query. */
  url: string;
  kind: 'streamable-http' | 'sse';
  headers: Record<string, string>;
  exchange: Exchange;
  timeoutMs: number;
  signal: AbortSignal;
}

const SELF = { name: 'mcpgw', version: '0.1.0' };

function makeTransport(options: ConverseOptions) {
  const { url, headers, exchange } = options;
  const given = { requestInit: { headers }, fetch: exchange.fetch };
  return options.kind === 'sse'
    ? // Deprecated with the transport that it speaks; servers in the field still do.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      new SSEClientTransport(new URL(url), given)
    : new StreamableHTTPClientTransport(new URL(url), {
        ...given,
        // A check ends before a stream could be worth resuming.
        reconnectionOptions: {
          maxRetries: 0,
          initialReconnectionDelay: 1,
          maxReconnectionDelay: 1,
          reconnectionDelayGrowFactor: 1,
        },
      });
}

/** `tools.listChanged`, `resources` …: what a server says that it can. */
export function listCapabilities(capabilities: Record<string, unknown> | undefined): string[] {
  return Object.entries(capabilities ?? {})
    .flatMap(([name, value]) => [
      name.slice(0, 64),
      ...(typeof value === 'object' && value !== null && (value as { listChanged?: unknown }).listChanged === true
        ? [`${name.slice(0, 64)}.listChanged`]
        : []),
    ])
    .sort()
    .slice(0, 100);
}

function cut(text: string | undefined): string {
  return (text ?? '').slice(0, 200);
}

/** Ends the session on the server (DELETE) and closes the connection, whatever happened before. */
async function sayGoodbye(client: Client, { url, headers, exchange }: ConverseOptions): Promise<void> {
  const version = client.getNegotiatedProtocolVersion();
  await client.close().catch(() => undefined);
  if (exchange.sessionId === null) return;
  try {
    const reply = await exchange.fetch(url, {
      method: 'DELETE',
      headers: {
        ...headers,
        'mcp-session-id': exchange.sessionId,
        ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
      },
    });
    await reply.body?.cancel();
  } catch {
    // A server may not let sessions be ended (405), or be gone by now; there is nothing more to do.
  }
}

/**
 * Speaks MCP with one endpoint: handshake in whichever era it knows, list of tools, and the session is closed again.
 * Throws what went wrong before the handshake was complete; the exchange holds the evidence.
 */
export async function converse(options: ConverseOptions): Promise<Conversation> {
  const client = new Client(SELF, options.kind === 'sse' ? {} : { versionNegotiation: { mode: 'auto' } });
  // Errors of the standing stream would otherwise be unhandled; the evidence has them.
  client.onerror = () => undefined;
  const transport = makeTransport(options);
  const ending = joinSignals(options.signal, options.exchange.overflow);
  const limits = { timeout: options.timeoutMs, signal: ending.signal };
  const began = performance.now();
  try {
    await client.connect(transport, limits);
    const latencyMs = Math.round((performance.now() - began) * 10) / 10;
    const info = client.getServerVersion();
    const conversation: Conversation = {
      era: client.getProtocolEra() === 'modern' ? 'modern' : 'legacy',
      protocolVersion: client.getNegotiatedProtocolVersion() ?? null,
      serverInfo:
        info === undefined
          ? null
          : {
              name: cut(info.name),
              version: cut(info.version),
              ...(info.title === undefined ? {} : { title: cut(info.title) }),
            },
      capabilities: listCapabilities(client.getServerCapabilities()),
      tools: [],
      leftOut: [],
      latencyMs,
      toolsProblem: null,
    };
    try {
      Object.assign(conversation, await listAllTools(client, limits));
      if (conversation.leftOut.length > 0) conversation.toolsProblem = explainLeftOut(conversation.leftOut);
    } catch (error) {
      if (options.signal.aborted) throw error;
      conversation.toolsProblem = explainTools(
        options.exchange.overflow.aborted ? options.exchange.overflow.reason : error,
      );
    }
    return conversation;
  } finally {
    await sayGoodbye(client, options);
    ending.done();
  }
}

function explainTools(error: unknown): NonNullable<Conversation['toolsProblem']> {
  if (error instanceof ToolsRefused)
    return {
      problem: `its list of tools is not acceptable: ${error.message}`,
      remedy: 'Correct what the server lists; its tools from the last good list stay known.',
    };
  if (error instanceof Error && error.name === 'ReplyTooLarge')
    return {
      problem: 'its list of tools is larger than a check reads',
      remedy: 'Make it offer fewer or smaller tools.',
    };
  return {
    problem: 'it answers the handshake, but not the request for its tools',
    remedy: 'Look at the log of the server for the request tools/list.',
  };
}
