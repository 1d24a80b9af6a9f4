import { platform } from 'platform/system';
import type { Refusal } from '../../answers/refusal.ts';
import { META_SERVER_ID } from '../../../../registry/contract/gate/meta-endpoint.ts';
import type { Call } from '../../decide/judge-caller.ts';
import type { CallContent } from '../../request/body/call-content.ts';
import { memoizeFor, type KeyRecord, type ServerRecord } from '../records/index.ts';
import { isCall } from '../rules/methods.ts';
import { applyRules, type AppliedRules } from './applied-rules.ts';
import type { Charged, Demand, Lease } from './charge.ts';
import { refuseLimited, refuseUncounted } from './limited.ts';
import { counting } from './worker-counters.ts';

/** A body is large if NGINX does not hold it in memory (client_body_buffer_size), or if its length is unknown. */
const LARGE_BYTES = 131_072;
const NAME_LENGTH = 32;
/** NGINX's address of a client on a unix socket. */
const BRIDGE_ADDRESS = 'unix:';

interface Derived {
  server: ServerRecord | undefined;
  rules: AppliedRules;
}

function nameCountersOf(id: string, agent: string): string {
  return platform.sha256Hex(`${id} ${agent}`).slice(0, NAME_LENGTH);
}

/** The rules that apply to a key on a server; cached with its record. */
function rulesFor(key: KeyRecord, path: string | undefined, server: ServerRecord | undefined): AppliedRules {
  const name = `limits ${server?.id ?? ''}`;
  const before = key.derived?.[name] as Derived | undefined;
  if (before !== undefined && before.server === server) return before.rules;
  const rules = applyRules(key, path, server?.limits, nameCountersOf);
  memoizeFor(key, name, { server, rules });
  return rules;
}

/** Most agents and servers have no limit: their calls skip the rest. */
const isLimited = (key: KeyRecord, server: ServerRecord | undefined) =>
  key.limits !== undefined || server?.limits !== undefined;
const isFree = (rules: AppliedRules) => rules.all.length === 0 && rules.ofTools.length === 0;

/** What was counted as in progress for the requests of this worker, by `platform.readRequestId`. */
const leases: Record<number, Lease[] | undefined> = {};
let leased = 0;

function release(ended: readonly Lease[]): void {
  for (const { name, count } of ended) counting().inFlight.remove(name, count);
}

function addLeases(added: Lease[]): void {
  if (added.length === 0) return;
  const id = platform.readRequestId();
  if (id === undefined) {
    // Without an id its end could not be counted.
    release(added);
    return;
  }
  const before = leases[id];
  if (before === undefined) {
    leases[id] = added;
    leased += 1;
  } else for (const lease of added) before.push(lease);
}

function settle(charged: Charged, nowMs: number): Refusal | undefined {
  if (charged === 'full') {
    platform.log('error', 'the shared dictionary of limits is full: calls that are limited are refused');
    return refuseUncounted();
  }
  if (charged.limited !== undefined) return refuseLimited(charged.limited, nowMs);
  addLeases(charged.leases);
  return undefined;
}

/** Whether the bridge makes the request with the key of a caller of the meta endpoint. Only the bridge can reach that socket. */
const isInner = () => ngx.var.remote_addr === BRIDGE_ADDRESS;

function countCalls(methods: readonly string[]): number {
  let count = 0;
  for (const method of methods) if (isCall(method)) count += 1;
  return count;
}

/** Counts a call that is about to be forwarded, or refuses it. It counts as in progress until `endRequest`. */
export function chargeCall(call: Call, content: CallContent, isStream: boolean): Refusal | undefined {
  if (!isLimited(call.key, call.server)) return undefined;
  const rules = rulesFor(call.key, call.target.place.path, call.server);
  if (isFree(rules)) return undefined;
  const isMeta = call.server.id === META_SERVER_ID;
  const demand: Demand = {
    requests: content.count,
    // A call through the meta endpoint counts where it arrives: only there are its server and tool known.
    calls: isMeta ? 0 : countCalls(content.methods),
    tools: isMeta ? [] : content.tools,
    streams: isStream ? 1 : 0,
    isInner: isInner(),
    isOuter: call.server.isVirtual,
  };
  const nowMs = platform.now() * 1000;
  const refusal = settle(platform.locked(counting().charge, rules, demand, nowMs), nowMs);
  if (refusal !== undefined) refusal.id = content.id;
  return refusal;
}

/** Whether a body that is about to be read may be large: from HTTP/2 on, no header needs to announce a body or its length. */
function isLarge(): boolean {
  const v = ngx.var;
  if (v.http_transfer_encoding !== undefined) return true;
  // Not $http_content_length, which would also read Content_Length.
  const length = v.content_length;
  return length === undefined ? (ngx.req.http_version() ?? 1.1) >= 2 : Number(length) > LARGE_BYTES;
}

/** Counts a large body before it is read, or refuses to read it. `call`: the call, if it is already known. */
export function admitBody(key: KeyRecord, call: Call | undefined): Refusal | undefined {
  if (!isLimited(key, call?.server) || !isLarge()) return undefined;
  const rules = rulesFor(key, call?.target.place.path, call?.server);
  if (rules.all.length === 0) return undefined;
  const nowMs = platform.now() * 1000;
  const { peek, admitBody: admit } = counting();
  const limited = call === undefined ? undefined : platform.locked(peek, rules, nowMs, undefined);
  if (limited !== undefined) return refuseLimited(limited, nowMs);
  return settle(platform.locked(admit, rules, undefined, undefined), nowMs);
}

/** Ends what the running request was counted as: after its body was judged, and in the log phase of every location. */
export function endCounted(): void {
  if (leased === 0) return;
  const id = platform.readRequestId();
  const ended = id === undefined ? undefined : leases[id];
  if (id === undefined || ended === undefined) return;
  leases[id] = undefined;
  leased -= 1;
  release(ended);
}
