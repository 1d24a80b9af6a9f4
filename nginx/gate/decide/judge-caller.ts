import { platform } from 'platform/system';
import type { Refusal } from '../answers/refusal.ts';
import { guardNames, refuseUpgrade } from '../request/guard/guard.ts';
import { findTarget, type Target } from '../request/guard/places.ts';
import { readGuard } from '../request/guard/read-guard.ts';
import { grantedOn, isCovered, type Granted } from '../access/identity/grants.ts';
import { identify } from '../access/identity/identify.ts';
import { readApiKey, readKey } from '../access/identity/read-key.ts';
import type { GateRecord, KeyRecord, NoRecord, ServerRecord } from '../access/records/index.ts';
import { records } from '../worker/records.ts';
import { refuseUnhealthy } from '../worker/start/health.ts';
import { refuseMethod } from '../request/guard/methods.ts';

/** A call by a known agent that is allowed as far as its headers show. */
export interface Call {
  method: string;
  target: Target;
  token: string;
  key: KeyRecord;
  gate: GateRecord;
  server: ServerRecord;
  granted: Granted;
}

/** The result of judging the headers of a request. Without `key` its sender is not authenticated, and nothing more of it is read. */
export interface CallerDecision {
  target: Target | undefined;
  key: KeyRecord | undefined;
  refusal: Refusal | undefined;
  /** Undefined when it is refused. */
  call: Call | undefined;
}

function refused(refusal: Refusal, target?: Target, key?: KeyRecord): CallerDecision {
  return { target, key, refusal, call: undefined };
}

function unavailable(reason: string, message: string, hint: string): Refusal {
  return { answer: 'unavailable', reason, message, hint };
}

function notReady(): Refusal {
  return unavailable('not_ready', 'the gateway cannot determine who may call this server', 'try again in a moment');
}

/** Refuses by the names in headers alone; undefined: continue. */
function judgeNames(): Refusal | undefined {
  const names = guardNames(readGuard());
  if (names !== undefined) return names;
  return ngx.var.http_upgrade === undefined ? undefined : refuseUpgrade();
}

/** Logs why a file is unusable. A key without a file is a wrong key, which is not a fault. */
function report(record: NoRecord): void {
  platform.log('error', `access file ${record.message}; it admits no request`);
}

function findKey(sha256: string): KeyRecord | undefined {
  const record = records.key(sha256);
  if (record.ok) return record;
  if (record.reason !== 'missing') report(record);
  return undefined;
}

function refuseKilled(what: string, reason: string): Refusal {
  return unavailable('killed', `all calls ${what} are stopped: ${reason}`, 'ask the operator of this gateway');
}

/** Refuses calls that a kill switch stops. */
function judgeKills(gate: GateRecord, key: KeyRecord, server: ServerRecord, target: Target): Refusal | undefined {
  if (gate.killed !== undefined) return refuseKilled('through this gateway', gate.killed);
  if (key.killed !== undefined) return refuseKilled(`of the agent ${key.agent}`, key.killed);
  return server.killed === undefined ? undefined : refuseKilled(`to ${target.place.path}`, server.killed);
}

function judgeServer(server: ServerRecord, target: Target): Refusal | undefined {
  if (!server.on)
    return unavailable('server_disabled', 'this server is disabled', 'ask the operator of this gateway to enable it');
  if (!target.place.isRouted || server.instances.length === 0)
    return unavailable(
      'server_rejected',
      'this server is not routed at present',
      'the page of the server shows the operator of this gateway why',
    );
  return undefined;
}

function refuseGrant(agent: string, path: string): Refusal {
  return {
    answer: 'forbidden',
    reason: 'not_granted',
    message: `the agent ${agent} has no grant for ${path}`,
    hint: `ask the operator of this gateway to grant ${agent} the server ${path}`,
  };
}

/** Judges a request by its headers and the current records. */
export function judgeCaller(method: string): CallerDecision {
  const names = refuseUnhealthy() ?? judgeNames();
  if (names !== undefined) return refused(names);
  const v = ngx.var;
  const target = findTarget(v.request_uri ?? '');
  if (target === undefined)
    return refused({
      answer: 'unknown_path',
      reason: 'unknown_path',
      message: 'no server is registered at this address',
      hint: 'an address is <gateway>/<path>/mcp; GET /api/servers lists the paths',
    });
  const token = readKey(v.http_authorization, readApiKey);
  const { record: key, refusal: unauthenticated } = identify(token, findKey);
  if (key === undefined || token === undefined) return refused(unauthenticated ?? notReady(), target);
  const { place } = target;
  if (!isCovered(key, place.path)) return refused(refuseGrant(key.agent, place.path), target, key);
  const gate = records.gate();
  const server = records.server(place.serverId);
  if (!gate.ok || !server.ok) {
    if (!gate.ok) report(gate);
    if (!server.ok) report(server);
    return refused(notReady(), target, key);
  }
  const granted = grantedOn(key, place.path, server, platform.now() * 1000);
  if (granted === undefined) return refused(refuseGrant(key.agent, place.path), target, key);
  const refusal = judgeKills(gate, key, server, target) ?? judgeServer(server, target) ?? refuseMethod(method, target);
  if (refusal !== undefined) return refused(refusal, target, key);
  return { target, key, refusal: undefined, call: { method, target, token, key, gate, server, granted } };
}

/** Whether the records by which a call was judged are still current. */
export function isCurrent(call: Call): boolean {
  return (
    records.key(call.key.sha256) === call.key &&
    records.gate() === call.gate &&
    records.server(call.server.id) === call.server
  );
}
