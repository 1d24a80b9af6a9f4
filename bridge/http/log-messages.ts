import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/server';
import type { Caller } from '../connection/caller.ts';
import type { Params } from '../connection/message.ts';
import type { Child } from '../servers/child.ts';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
/** A server that does not answer must not hold the call. */
const SET_LEVEL_MS = 5_000;
const BRIDGE: Caller = { isBridge: true, deliver: () => undefined };

/** From which level on a request without a session asks for log messages (`_meta`); -1: it asks for none. */
const askedFrom = (envelope: Params): number => LEVELS.indexOf(String(envelope[LOG_LEVEL_META_KEY]));

/** Whether a request without a session asks for this log message. The server must not send others (specification 2026-07-28, logging). */
export function asksFor(envelope: Params, message: Params | undefined): boolean {
  const from = askedFrom(envelope);
  return from >= 0 && LEVELS.indexOf(String(message?.['level'])) >= from;
}

/** The most verbose level that was set at a server with sessions. */
const set = new WeakMap<Child, { level: number; done: Promise<unknown> }>();

/** Makes a server with sessions log what a request without one asks for; less is never set, because another request may still want it. */
export async function setLogLevel(child: Child, envelope: Params): Promise<void> {
  const level = askedFrom(envelope);
  const { logging } = (child.initialized['capabilities'] ?? {}) as { logging?: unknown };
  if (level < 0 || logging === undefined) return;
  const before = set.get(child);
  if (before === undefined || level < before.level) {
    const params = { level: LEVELS[level] };
    const request = { jsonrpc: '2.0' as const, id: 0, method: 'logging/setLevel', params };
    set.set(child, { level, done: child.connection.request(BRIDGE, request, SET_LEVEL_MS) });
  }
  await set.get(child)?.done;
}
