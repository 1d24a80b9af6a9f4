import { readSessionKey } from './access.ts';
import { refuse, type Refusal } from './answer.ts';
import type { Call } from './call.ts';
import { admitBody } from './admit-body.ts';
import { detectEra } from './era.ts';
import {
  chooseInstance,
  drawChance,
  findInstance,
  hasEndpoint,
  isRouted,
  serverIdOf,
  type Instance,
} from './instances.ts';
import type { Endpoint } from './route.ts';
import { setCredentials } from './set-credentials.ts';
import { readMessageTag, readTag, type Session } from './session.ts';

function refuseSession(call: Call): void {
  refuse(call.r, {
    answer: 'unknown_session',
    reason: 'session_unknown',
    message: 'this session is not known here',
    hint: 'send initialize again, without Mcp-Session-Id',
    id: call.id,
  });
}

function refuseEndpoint(call: Call): void {
  refuse(call.r, {
    answer: 'unavailable',
    reason: 'endpoint_missing',
    message: 'no instance of this server has this endpoint',
    hint: 'use <gateway>/<path>/mcp; the operator of this gateway sees more on the page of the server',
    id: call.id,
  });
}

/** The methods that an endpoint takes, or null when this one is among them. */
function findAllowed(method: string, endpoint: Endpoint, isSseOnly: boolean): string | null {
  if (endpoint === 'message') return method === 'POST' ? null : 'POST';
  if (endpoint === 'sse' || isSseOnly) return method === 'GET' ? null : 'GET';
  return method === 'POST' || method === 'GET' || method === 'DELETE' ? null : 'GET, POST, DELETE';
}

function refuseMethod(call: Call, allowed: string): void {
  call.r.headersOut.Allow = `${allowed}, OPTIONS`;
  const refusal: Refusal = {
    answer: 'unacceptable',
    reason: 'method_not_allowed',
    message: `this endpoint does not take ${call.r.method}`,
    hint: `use ${allowed}`,
  };
  refuse(call.r, refusal, 405);
}

/** Instances to which this call can go: known to the registry now and to the configuration that serves. */
export function listCandidates(call: Call, endpoint: Endpoint): Instance[] {
  const instances = call.server.instances;
  const found: Instance[] = [];
  for (let i = 0; i < instances.length; i += 1) {
    const instance = instances[i];
    if (instance !== undefined && isRouted(call.published, instance.id, endpoint)) found.push(instance);
  }
  return found;
}

function readSession(call: Call): Session | null | undefined {
  const v = call.r.variables;
  if (call.route.endpoint === 'message') {
    const key = readSessionKey(call.r);
    return key === null ? null : readMessageTag(key, call.route.rest, call.route.query, call.agent);
  }
  const tagged = v.http_mcp_session_id;
  // From 2026-07-28 on there are no sessions; the header means nothing there.
  if (tagged === undefined || call.route.endpoint === 'sse' || call.era === 'modern') return undefined;
  const key = readSessionKey(call.r);
  return key === null ? null : readTag(key, tagged, call.agent);
}

/** The instance of a session, or undefined when the client had better begin a new one. */
function findHome(candidates: Instance[], session: Session): Instance | undefined {
  const home = findInstance(candidates, session.instance);
  if (home === undefined || home.up) return home;
  // It has been down for some time and others are not: what it held is lost.
  for (let i = 0; i < candidates.length; i += 1) if (candidates[i]?.up === true) return undefined;
  return home;
}

/** Sends a call on to one instance, by an internal location that only the gate can reach. */
export function send(call: Call, instance: Instance, endpoint: Endpoint, query: string): void {
  const r = call.r;
  const v = r.variables;
  v.mcpgw_verdict = 'allowed';
  v.mcpgw_instance = instance.id;
  const uri = '/_up/' + serverIdOf(call.published) + '/' + instance.id + '/' + endpoint;
  r.internalRedirect(query === '' ? uri : uri + '?' + query);
}

/** Judges method, body and session of a call that may be made, and sends it to an instance (DESIGN §6.3 and 6.5). */
export function forward(call: Call): void {
  const r = call.r;
  const v = r.variables;
  let endpoint = call.route.endpoint;
  // http-then-sse clients find the stream of a server that has nothing else where they look first.
  const isSseOnly = endpoint === 'mcp' && !hasEndpoint(call.published, 'mcp');
  const allowed = findAllowed(r.method, endpoint, isSseOnly);
  if (allowed !== null) {
    refuseMethod(call, allowed);
    return;
  }
  if (isSseOnly) endpoint = 'sse';
  call.era = detectEra(v.http_mcp_protocol_version, undefined);
  if (!admitBody(call)) return;
  const session = readSession(call);
  const candidates = listCandidates(call, endpoint);
  const instance =
    session === null
      ? undefined
      : session === undefined
        ? chooseInstance(candidates, [], candidates.length < 2 ? 0 : drawChance(v.request_id ?? ''))
        : findHome(candidates, session);
  if (instance === undefined) {
    if (session === undefined) refuseEndpoint(call);
    else refuseSession(call);
    return;
  }
  setCredentials(call);
  v.mcpgw_session = session === undefined || session === null ? '' : session.backendId;
  send(call, instance, endpoint, endpoint === 'message' ? (session?.backendId ?? '') : (instance.query ?? ''));
}
