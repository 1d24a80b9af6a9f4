import { readServer } from './access.ts';
import { refuse } from './answer.ts';
import { readId } from './body.ts';
import { chooseInstance, isRouted, serverIdOf, type Instance } from './instances.ts';
import type { GateRequest } from './njs.d.ts';
import type { Endpoint } from './route.ts';

/** More would pass NGINX's limit of ten internal redirects. */
const MAX_ATTEMPTS = 4;

/** The last of a list as NGINX writes what happened at several upstreams: `0, 12 : 0`. */
export function lastOf(list: string | undefined): string {
  return (list ?? '').split(/[ ,:]+/).pop() ?? '';
}

/** The next instance for a call that none has seen a byte of; undefined when it may not or cannot go elsewhere. */
function findNext(r: GateRequest, endpoint: Endpoint, tried: string[]): Instance | undefined {
  const v = r.variables;
  // A call within a session can go nowhere else.
  if (endpoint === 'message' || (v.mcpgw_session ?? '') !== '') return undefined;
  if (lastOf(v.upstream_bytes_sent) !== '0' || tried.length >= MAX_ATTEMPTS) return undefined;
  const published = v.mcpgw_published ?? '';
  const server = readServer(r, serverIdOf(published));
  if (server === null) return undefined;
  const candidates = server.instances.filter((instance) => isRouted(published, instance.id, endpoint));
  return chooseInstance(candidates, tried, 0);
}

interface Failure {
  reason: string;
  message: string;
  hint: string;
}

function describe(isSent: boolean, isTimeout: boolean): Failure {
  const hint = 'try again later; the operator of this gateway sees the state of the server';
  if (!isSent) return { reason: 'unreachable', message: 'the server cannot be reached', hint: hint };
  if (isTimeout) return { reason: 'timed_out', message: 'the server took too long to answer', hint: hint };
  return { reason: 'broken_reply', message: 'the server broke off, or what it sent is no reply', hint: hint };
}

function explain(r: GateRequest): void {
  const v = r.variables;
  // `$status` is none in a location that an error_page with "=" leads to.
  const failure = describe(lastOf(v.upstream_bytes_sent) !== '0', lastOf(v.upstream_status) === '504');
  refuse(r, {
    answer: 'unavailable',
    reason: failure.reason,
    message: failure.message,
    hint: failure.hint,
    id: r.method === 'POST' ? readId(r.requestBuffer) : null,
  });
}

/**
 * NGINX could not reach an instance, or its reply was none (502 and 504 of NGINX itself). The call goes to the next instance if nothing of
 * it was sent; else the caller is told: a call that may have been carried out is never made again.
 */
export function failOver(r: GateRequest): void {
  const v = r.variables;
  const parts = (v.uri ?? '').split('/');
  const instanceId = parts[3] ?? '';
  const endpoint = (parts[4] ?? '') as Endpoint;
  const before = v.mcpgw_tried ?? '';
  const tried = (before === '' ? [] : before.split(' ')).concat([instanceId]);
  const next = findNext(r, endpoint, tried);
  if (next === undefined) {
    explain(r);
    return;
  }
  v.mcpgw_tried = tried.join(' ');
  v.mcpgw_instance = next.id;
  const uri = `/_up/${parts[2] ?? ''}/${next.id}/${endpoint}`;
  const query = next.query ?? '';
  r.internalRedirect(query === '' ? uri : `${uri}?${query}`);
}
