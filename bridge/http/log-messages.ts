import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/server';
import type { Caller } from '../connection/caller.ts';
import type { Params } from '../connection/message.ts';
import type { Child } from '../servers/child.ts';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
/** A server that does not respond must not block the call. */
const SET_LEVEL_MS = 5_000;
const BRIDGE: Caller = { isBridge: true, deliver: () => undefined };

/** Minimum level of log messages that a request without a session requests (`_meta`), as an index; -1: none. */
const requestedLevel = (envelope: Params): number => LEVELS.indexOf(String(envelope[LOG_LEVEL_META_KEY]));

/** Whether a request without a session requests this log message. The server must not send others (specification 2026-07-28, logging). */
export function requestsMessage(envelope: Params, message: Params | undefined): boolean {
  const from = requestedLevel(envelope);
  return from >= 0 && LEVELS.indexOf(String(message?.['level'])) >= from;
}

/** The most verbose level that was set at a server with sessions. */
const set = new WeakMap<Child, { level: number; done: Promise<unknown> }>();

/** Sets the log level of a request without a session at a server with sessions; it is never made less verbose, as another request may need it. */
export async function setLogLevel(child: Child, envelope: Params): Promise<void> {
  const level = requestedLevel(envelope);
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
