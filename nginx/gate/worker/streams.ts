import { platform } from 'platform/system';
import type { Refusal } from '../answers/refusal.ts';
import type { Call } from '../decide/judge-caller.ts';
import { grantedOn } from '../access/identity/grants.ts';
import { judgeKey } from '../access/identity/identify.ts';
import { endCounted } from '../access/limits/index.ts';
import { mustCutLists } from '../upstream/lists/needs-filter.ts';
import { createStreams, type KeyRecord, type OpenStream, type ServerRecord } from '../access/records/index.ts';
import { records } from './records.ts';

/** What a server that is there allows of an open stream. One that is switched off gets no new calls; its open streams go on. */
function isAllowedOn(server: ServerRecord, key: KeyRecord, stream: OpenStream): boolean {
  const granted = grantedOn(key, stream.path, server, platform.now() * 1000);
  // Where lists must be cut by now, it passes no filter that does it.
  if (granted === undefined || (!stream.isFiltered && mustCutLists(granted, server))) return false;
  return server.killed === undefined;
}

/** Whether the caller of an open stream may keep it. A server that was removed has no record any more: its open streams go on as well. */
function isAllowed(stream: OpenStream): boolean {
  const gate = records.gate();
  const key = records.key(stream.sha256);
  const server = records.server(stream.serverId);
  if (!gate.ok || gate.killed !== undefined) return false;
  if (!key.ok || key.killed !== undefined || judgeKey(key) !== undefined) return false;
  return server.ok ? isAllowedOn(server, key, stream) : server.reason === 'missing';
}

/** The open streams of this worker; those that may not stay are cut. */
export const streams = createStreams({ platform, records, isAllowed });

/** Registers the stream that a call opens; a refusal when it could not be cut later. */
export function openStream(call: Call, isFiltered: boolean): Refusal | undefined {
  const problem = streams.open({
    sha256: call.key.sha256,
    agent: call.key.agent,
    serverId: call.server.id,
    path: call.target.place.path,
    isFiltered,
  });
  if (problem === undefined) return undefined;
  platform.log('error', `a stream is refused: ${problem}`);
  return {
    answer: 'unavailable',
    reason: 'gate_failed',
    message: 'the gateway cannot watch over this stream',
    hint: 'try again in a moment',
  };
}

/** Log phase of every request: if it was a stream, or was counted as under way, it has ended. */
export function endRequest(): void {
  streams.close();
  endCounted();
}
