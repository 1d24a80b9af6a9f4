import type { GateFile, ServerFile } from '../../registry/contract/access-files.ts';
import { readGate, readServer } from './access.ts';
import { refuse, type Refusal } from './answer.ts';
import { forward } from './forward.ts';
import { grantedTools } from './grants.ts';
import { readId } from './body.ts';
import { identify } from './identify.ts';
import { isRoutedAtAll, serverIdOf } from './instances.ts';
import type { GateRequest } from './njs.d.ts';
import { parseRoute } from './route.ts';
import { answerPreflight, guard } from './guard.ts';

function unavailable(reason: string, message: string, hint: string): Refusal {
  return { answer: 'unavailable', reason: reason, message: message, hint: hint };
}

function checkServer(gate: GateFile | null, server: ServerFile | null, published: string): Refusal | null {
  if (gate === null || server === null || !Array.isArray(server.instances))
    return unavailable('not_ready', 'the gateway cannot tell who may call this server', 'try again in a moment');
  if (gate.killed !== null)
    return unavailable('killed', `all calls are stopped: ${String(gate.killed)}`, 'ask the operator of this gateway');
  if (server.state !== 'on')
    return unavailable('server_disabled', 'this server is disabled', 'ask the operator of this gateway to enable it');
  if (!isRoutedAtAll(published) || server.instances.length === 0)
    return unavailable(
      'server_set_aside',
      'this server is not routed at present',
      'the operator of this gateway sees why on the page of the server',
    );
  return null;
}

function refuseKnown(r: GateRequest, refusal: Refusal): void {
  // The caller is known, so the body may be looked at for the id.
  if (r.method === 'POST') refusal.id = readId(r.requestBuffer);
  refuse(r, refusal);
}

function refuseCaller(r: GateRequest, refusal: Refusal): void {
  if (refusal.reason === 'key_missing' || refusal.answer !== 'unauthorized') {
    refuse(r, refusal);
    return;
  }
  // Only failed attempts pass the place that counts them (DESIGN §6.1).
  r.variables.mcpgw_refusal = JSON.stringify(refusal);
  r.internalRedirect('/_wrong-key');
}

function serve(r: GateRequest, gate: GateFile | null): void {
  const v = r.variables;
  const stranger = guard(v.mcpgw_guard ?? '');
  if (stranger !== null) {
    refuse(r, stranger);
    return;
  }
  if (r.method === 'OPTIONS') {
    answerPreflight(r);
    return;
  }
  const route = parseRoute(v.request_uri ?? '');
  if (route !== null) v.mcpgw_path = route.path;
  const place = route === null ? '' : (v.mcpgw_published ?? '');
  if (route === null || place === '') {
    refuse(r, {
      answer: 'unknown_path',
      reason: 'unknown_path',
      message: 'no server is registered at this address',
      hint: 'an address is <gateway>/<path>/mcp; GET /api/servers lists the paths',
    });
    return;
  }
  const caller = identify(r, Date.now());
  if ('answer' in caller) {
    refuseCaller(r, caller);
    return;
  }
  v.mcpgw_agent = caller.name;
  const granted = grantedTools(caller.grants, route.path);
  if (granted === undefined) {
    refuseKnown(r, {
      answer: 'forbidden',
      reason: 'not_granted',
      message: `the agent ${caller.name} has no grant for ${route.path}`,
      hint: `ask the operator of this gateway to grant ${caller.name} the server ${route.path}`,
    });
    return;
  }
  const server = readServer(r, serverIdOf(place));
  const problem = checkServer(gate, server, place);
  if (problem !== null || server === null) {
    if (problem !== null) refuseKnown(r, problem);
    return;
  }
  forward({
    r: r,
    route: route,
    published: place,
    server: server,
    agent: caller.name,
    granted: granted,
    key: caller.key,
    era: 'legacy',
    id: null,
  });
}

/** Decides about every request under a server's path (DESIGN §6). */
export function decide(r: GateRequest): void {
  const gate = readGate(r);
  if (gate !== null && gate.drain === true) {
    // Entering this location makes NGINX close the connection after the reply, whatever the reply is.
    r.internalRedirect('@draining');
    return;
  }
  serve(r, gate);
}

/** The same, in the location that closes connections. */
export function decideDraining(r: GateRequest): void {
  serve(r, readGate(r));
}
