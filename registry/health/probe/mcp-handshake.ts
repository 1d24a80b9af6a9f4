import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Era, MalformedTool, ProbeResult, Tool } from '../../contract/index.ts';
import { CLIENT_INFO } from '../../version.ts';
import { joinSignals } from '../transport/deadline.ts';
import { endSession } from '../transport/end-session.ts';
import type { RecordingFetch } from '../transport/recording-fetch.ts';
import { listAllTools, InvalidToolList } from './list-all-tools.ts';
import { explainInvalidTools } from './validate-tools.ts';

export interface Handshake {
  era: Era;
  protocolVersion: string | null;
  serverInfo: ProbeResult['serverInfo'];
  capabilities: string[];
  tools: Tool[];
  malformed: MalformedTool[];
  /** From the first request to the end of the handshake, in milliseconds. */
  latencyMs: number;
  /** The handshake passed, but the list of tools did not, or not all of it. */
  toolsProblem: { problem: string; remedy: string } | null;
}

export interface HandshakeOptions {
  /** Endpoint with the instance's query. */
  url: string;
  kind: 'streamable-http' | 'sse';
  headers: Record<string, string>;
  recording: RecordingFetch;
  timeoutMs: number;
  signal: AbortSignal;
}

function createTransport(options: HandshakeOptions) {
  const { url, headers, recording } = options;
  const shared = { requestInit: { headers }, fetch: recording.fetch };
  return options.kind === 'sse'
    ? // Deprecated with the transport that it is for; servers in use still have it.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      new SSEClientTransport(new URL(url), shared)
    : new StreamableHTTPClientTransport(new URL(url), {
        ...shared,
        // A check ends before a stream could be worth resuming.
        reconnectionOptions: {
          maxRetries: 0,
          initialReconnectionDelay: 1,
          maxReconnectionDelay: 1,
          reconnectionDelayGrowFactor: 1,
        },
      });
}

/** The capabilities that a server declares: `resources`, `tools`, `tools.listChanged` … */
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

function shorten(text: string | undefined): string {
  return (text ?? '').slice(0, 200);
}

/**
 * Connects to one endpoint: handshake in the newest era that it has, list of tools, end of the session.
 * Throws what went wrong before the handshake was complete; `recording` holds the evidence.
 */
export async function performHandshake(options: HandshakeOptions): Promise<Handshake> {
  const client = new Client(CLIENT_INFO, options.kind === 'sse' ? {} : { versionNegotiation: { mode: 'auto' } });
  // Errors of the GET stream would otherwise be unhandled; the evidence has them.
  client.onerror = () => undefined;
  const transport = createTransport(options);
  const { url, headers, recording } = options;
  const joined = joinSignals(options.signal, recording.overflow);
  const limits = { timeout: options.timeoutMs, signal: joined.signal };
  const began = performance.now();
  try {
    await client.connect(transport, limits);
    const latencyMs = Math.round((performance.now() - began) * 10) / 10;
    const info = client.getServerVersion();
    const handshake: Handshake = {
      era: client.getProtocolEra() === 'modern' ? 'modern' : 'legacy',
      protocolVersion: client.getNegotiatedProtocolVersion() ?? null,
      serverInfo:
        info === undefined
          ? null
          : {
              name: shorten(info.name),
              version: shorten(info.version),
              ...(info.title === undefined ? {} : { title: shorten(info.title) }),
            },
      capabilities: listCapabilities(client.getServerCapabilities()),
      tools: [],
      malformed: [],
      latencyMs,
      toolsProblem: null,
    };
    try {
      Object.assign(handshake, await listAllTools(client, limits));
      if (handshake.malformed.length > 0) handshake.toolsProblem = explainInvalidTools(handshake.malformed);
    } catch (error) {
      if (options.signal.aborted) throw error;
      handshake.toolsProblem = explainTools(recording.overflow.aborted ? recording.overflow.reason : error);
    }
    return handshake;
  } finally {
    const protocolVersion = client.getNegotiatedProtocolVersion();
    await client.close().catch(() => undefined);
    await endSession(recording, { url, headers, protocolVersion });
    joined.done();
  }
}

function explainTools(error: unknown): NonNullable<Handshake['toolsProblem']> {
  if (error instanceof InvalidToolList)
    return {
      problem: `Its list of tools is invalid: ${error.message}`,
      remedy: 'Correct the list on the server; until then the tools of its last valid list are shown.',
    };
  if (error instanceof Error && error.name === 'ReplyTooLarge')
    return {
      problem: 'Its list of tools is larger than a check reads',
      remedy: 'Make it list fewer or smaller tools.',
    };
  return {
    problem: 'It completes the handshake, but does not answer tools/list',
    remedy: 'Check the log of the server for the request tools/list.',
  };
}
