import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/client';
import type { Dispatcher } from 'undici';
import type { Era } from '../contract/index.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { explainNetworkError } from './explain-network.ts';
import type { ProbeTarget } from './probe-parts.ts';
import { learnSse } from './probe-sse.ts';
import { readReply } from './read-reply.ts';

/** A server that was looked at before: what it spoke, and where. */
export interface LightTarget extends ProbeTarget {
  era: Era;
  protocolVersion: string;
}

export interface LightOptions {
  dispatcher: Dispatcher;
  publicHost: string;
  timeoutMs: number;
  signal: AbortSignal;
}

export type LightOutcome =
  | { kind: 'passed'; latencyMs: number }
  | { kind: 'down'; problem: string; remedy: string }
  /** It answers, but not as it did: only a whole probe can say what it is now. */
  | { kind: 'unclear' };

const MAX_BYTES = 256 * 1024;
const SELF = { name: 'mcpgw', version: '0.1.0' };
const ACCEPT = 'application/json, text/event-stream';

async function discover(exchange: Exchange, url: string, target: LightTarget): Promise<boolean> {
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: target.protocolVersion,
    [CLIENT_INFO_META_KEY]: SELF,
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  const reply = await exchange.fetch(url, {
    method: 'POST',
    headers: {
      ...target.headers,
      accept: ACCEPT,
      'content-type': 'application/json',
      'mcp-protocol-version': target.protocolVersion,
      'mcp-method': 'server/discover',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta } }),
  });
  const result = (await readReply(reply, 1))?.['result'] as { supportedVersions?: unknown } | undefined;
  const versions = result?.supportedVersions;
  return reply.status === 200 && Array.isArray(versions) && versions.includes(target.protocolVersion);
}

async function initialize(exchange: Exchange, url: string, target: LightTarget): Promise<boolean> {
  const params = { protocolVersion: target.protocolVersion, capabilities: {}, clientInfo: SELF };
  const reply = await exchange.fetch(url, {
    method: 'POST',
    headers: { ...target.headers, accept: ACCEPT, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  const result = (await readReply(reply, 1))?.['result'] as { protocolVersion?: unknown } | undefined;
  return reply.status === 200 && result?.protocolVersion === target.protocolVersion;
}

async function endSession(exchange: Exchange, url: string, target: LightTarget): Promise<void> {
  if (exchange.sessionId === null) return;
  try {
    const reply = await exchange.fetch(url, {
      method: 'DELETE',
      headers: {
        ...target.headers,
        'mcp-session-id': exchange.sessionId,
        'mcp-protocol-version': target.protocolVersion,
      },
    });
    await reply.body?.cancel();
  } catch {
    // A server may not let sessions be ended (405), or be gone by now; there is nothing more to do.
  }
}

async function ask(exchange: Exchange, target: LightTarget, signal: AbortSignal): Promise<boolean> {
  const query = target.query === '' ? '' : `?${target.query}`;
  const { mcp = null, sse = null } = target.known ?? {};
  if (mcp === null)
    return (
      sse !== null && (await learnSse(exchange, sse, query, target.headers, signal))?.message === target.known?.message
    );
  if (target.era === 'modern') return discover(exchange, mcp + query, target);
  try {
    return await initialize(exchange, mcp + query, target);
  } finally {
    await endSession(exchange, mcp + query, target);
  }
}

/**
 * Asks a known server for no more than the handshake that it passed before, over a shared agent: for sweeps of many. Its session is
 * ended again. Never throws.
 */
export async function checkLight(target: LightTarget, options: LightOptions): Promise<LightOutcome> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const exchange = createExchange({
    dispatcher: options.dispatcher,
    host: target.hostMode === 'public' ? options.publicHost : null,
    maxBytes: MAX_BYTES,
    signal,
  });
  const began = performance.now();
  try {
    if (!(await ask(exchange, target, signal))) return { kind: 'unclear' };
    return { kind: 'passed', latencyMs: Math.round((performance.now() - began) * 10) / 10 };
  } catch (error) {
    const seen = exchange.last;
    const failure = explainNetworkError(seen?.error ?? error, seen?.url ?? target.url, options.timeoutMs);
    return failure === null ? { kind: 'unclear' } : { kind: 'down', problem: failure.problem, remedy: failure.remedy };
  }
}
