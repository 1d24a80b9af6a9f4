import { lastIndexOf } from 'platform/text';
import type { Refusal } from '../../answers/refusal.ts';
import { BROKEN_REPLY } from '../../answers/refuse-reply.ts';
import { refuse } from '../../answers/refuse.ts';
import { readBody } from '../../request/body/read-body.ts';
import { readId } from '../../request/body/read-id.ts';
import { findPlaceOf } from '../../request/guard/places.ts';
import type { Endpoint } from '../../request/guard/route.ts';
import type { Instance } from '../../access/records/index.ts';
import { records } from '../../worker/records.ts';
import { chooseInstance, listCandidates } from './choose-instance.ts';
import { instanceUri, isFilteredUri, queryOf } from './send.ts';

/** More would exceed NGINX's limit of ten internal redirects. */
const MAX_ATTEMPTS = 4;

/** The last value of a variable in which NGINX lists one value per upstream: `0, 12 : 0`. */
export function lastOf(list: string | undefined): string {
  if (list === undefined) return '';
  return list.slice(Math.max(lastIndexOf(list, ' '), lastIndexOf(list, ','), lastIndexOf(list, ':')) + 1);
}

interface Failed {
  serverId: string;
  instanceId: string;
  endpoint: Endpoint;
  tried: string[];
}

function readFailed(): Failed {
  const v = ngx.var;
  const parts = (v.uri ?? '').split('/');
  const instanceId = parts[2] ?? '';
  const before = v.mcpgw_tried ?? '';
  const tried = before === '' ? [] : before.split(' ');
  tried.push(instanceId);
  return { serverId: parts[1] ?? '', instanceId, endpoint: (parts[3] ?? '') as Endpoint, tried };
}

/** Whether the backend has received a byte of the call. If the gate refused the reply, NGINX has not counted the bytes yet. */
function isSent(): boolean {
  const v = ngx.var;
  return v.mcpgw_reason === BROKEN_REPLY || lastOf(v.upstream_bytes_sent) !== '0';
}

interface Next {
  instance: Instance;
  query: string;
}

/** The next instance for a call of which no instance has received a byte; undefined when it must not or cannot be sent elsewhere. */
function findNext({ serverId, endpoint, tried }: Failed): Next | undefined {
  const v = ngx.var;
  // A call within a session cannot be sent elsewhere.
  if (endpoint === 'message' || (v.mcpgw_session ?? '') !== '') return undefined;
  if (isSent() || tried.length >= MAX_ATTEMPTS) return undefined;
  records.refresh();
  const server = records.server(serverId);
  const place = findPlaceOf(serverId);
  if (!server.ok || !server.on || place === undefined) return undefined;
  const instance = chooseInstance(listCandidates(place, server, endpoint), tried, 0);
  const query = instance === undefined ? undefined : queryOf(server, instance);
  return instance === undefined || query === undefined ? undefined : { instance, query };
}

function describe(wasSent: boolean, status: string, isFromServer: boolean): Refusal {
  const hint = 'try again later; the operator of this gateway can check the state of the server';
  const answer = 'unavailable';
  if (!wasSent) return { answer, reason: 'unreachable', message: 'the server cannot be reached', hint };
  if (isFromServer) return { answer, reason: 'broken_reply', message: `the server returned ${status}`, hint };
  if (status === '504') return { answer, reason: 'timed_out', message: 'the server took too long to answer', hint };
  return { answer, reason: 'broken_reply', message: 'the server closed the connection or sent an invalid reply', hint };
}

function explain(): void {
  const v = ngx.var;
  const header = lastOf(v.upstream_header_time);
  const isFromServer = v.mcpgw_reason !== BROKEN_REPLY && header !== '' && header !== '-';
  // `$status` is not set in a location to which an error_page with "=" redirects.
  const refusal = describe(isSent(), lastOf(v.upstream_status), isFromServer);
  if (ngx.req.get_method() === 'POST') refusal.id = readId(readBody());
  refuse(refusal);
}

/**
 * NGINX could not reach an instance, or got no valid reply (502 and 504). The call is sent to the next instance if nothing of it was sent; else
 * the caller gets an error: a call that may have been carried out is never repeated.
 */
export function failOver(): void {
  const v = ngx.var;
  const failed = readFailed();
  const next = findNext(failed);
  if (next === undefined) {
    explain();
    return;
  }
  const { instance, query } = next;
  const note = v.mcpgw_note ?? '';
  v.mcpgw_note = note.replace(`"instance":"${failed.instanceId}"`, `"instance":"${instance.id}"`);
  v.mcpgw_tried = failed.tried.join(' ');
  v.mcpgw_instance = instance.id;
  ngx.exec(instanceUri(failed.serverId, instance.id, failed.endpoint, isFilteredUri(v.uri ?? '')), query);
}
