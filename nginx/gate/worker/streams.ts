import { platform } from 'platform/system';
import type { Refusal } from '../answers/refusal.ts';
import type { Call } from '../decide/judge-caller.ts';
import { grantedOn } from '../access/identity/grants.ts';
import { judgeKey } from '../access/identity/identify.ts';
import { endCounted } from '../access/limits/index.ts';
import { mustCutLists } from '../upstream/lists/needs-filter.ts';
import { createStreams, type KeyRecord, type OpenStream, type ServerRecord } from '../access/records/index.ts';
import { records } from './records.ts';

/** Whether a registered server permits an open stream. A disabled server gets no new calls, but its open streams continue. */
function isAllowedOn(server: ServerRecord, key: KeyRecord, stream: OpenStream): boolean {
  const granted = grantedOn(key, stream.path, server, platform.now() * 1000);
  // Lists must now be cut, but the stream does not pass through the filter that cuts them.
  if (granted === undefined || (!stream.isFiltered && mustCutLists(granted, server))) return false;
  return server.killed === undefined;
}

/** Whether an open stream may continue. A removed server no longer has a record: its open streams continue as well. */
function isAllowed(stream: OpenStream): boolean {
  const gate = records.gate();
  const key = records.key(stream.sha256);
  const server = records.server(stream.serverId);
  if (!gate.ok || gate.killed !== undefined) return false;
  if (!key.ok || key.killed !== undefined || judgeKey(key) !== undefined) return false;
  return server.ok ? isAllowedOn(server, key, stream) : server.reason === 'missing';
}

/** The open streams of this worker; those that are no longer allowed are closed. */
export const streams = createStreams({ platform, records, isAllowed });

/** Registers the stream that a call opens; returns a refusal if it could not be closed later. */
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
    message: 'the gateway cannot monitor this stream',
    hint: 'try again in a moment',
  };
}

/** Log phase of every request: ends its stream or its count as a call in progress, if it has one. */
export function endRequest(): void {
  streams.close();
  endCounted();
}
