import { platform } from 'platform/system';
import type { Refusal } from '../../answers/refusal.ts';
import type { CallContent } from '../../request/body/call-content.ts';
import type { Era } from '../../request/body/era.ts';
import type { Call } from '../../decide/judge-caller.ts';
import { endpointOf } from '../../request/guard/methods.ts';
import type { Endpoint } from '../../request/guard/route.ts';
import { needsFilter } from '../lists/needs-filter.ts';
import { chargeCall } from '../../access/limits/index.ts';
import { watchesReply } from '../../log/recording/record-call.ts';
import { writeNote } from '../../log/note.ts';
import type { Instance } from '../../access/records/index.ts';
import { readMessageTag } from '../session/message-tag.ts';
import { macOf, readTag, type Session } from '../session/tag.ts';
import { openStream } from '../../worker/streams.ts';
import { chooseInstance, findHome, listCandidates } from './choose-instance.ts';
import { writeMoreHeaders } from './more-headers.ts';
import { instanceUri, queryOf } from './send.ts';

/** The POST whose reply is a long-lived stream (MCP 2026-07-28); any other reply ends with the response. */
const LISTEN = 'subscriptions/listen';

/** Longer ids are not repeated when a filtered reply is refused. */
const MAX_ID = 128;

function refuseSession(id: string | undefined): Refusal {
  return {
    answer: 'unknown_session',
    reason: 'session_unknown',
    message: 'this session is unknown',
    hint: 'send initialize again, without Mcp-Session-Id',
    id,
  };
}

function refuseEndpoint(id: string | undefined): Refusal {
  return {
    answer: 'unavailable',
    reason: 'endpoint_missing',
    message: 'no instance of this server has this endpoint',
    hint: 'use <gateway>/<path>/mcp; the page of the server shows the operator of this gateway more',
    id,
  };
}

function refuseSettings(id: string | undefined): Refusal {
  return {
    answer: 'unavailable',
    reason: 'server_settings',
    message: 'a credential or query of this server cannot be sent',
    hint: 'the operator of this gateway must enter the headers and the URL of the server again',
    id,
  };
}

/** The session of a call, by its tag; `none`: it belongs to no session. */
function readSession(call: Call, endpoint: Endpoint, era: Era): Session | 'none' | undefined {
  const { route } = call.target;
  if (endpoint === 'message') return readMessageTag(macOf(call.gate), route, call.key.agent);
  const tagged = ngx.var.http_mcp_session_id;
  // Since 2026-07-28 there are no sessions; the header has no meaning.
  if (tagged === undefined || endpoint === 'sse' || era === 'modern') return 'none';
  return readTag(macOf(call.gate), tagged, call.key.agent);
}

interface Chosen {
  instance: Instance;
  /** Id of the backend's session, or the query of its message URL; empty: none. */
  backendId: string;
}

/** The instance for a call, or why there is none. */
function choose(call: Call, endpoint: Endpoint, content: CallContent): Chosen | Refusal {
  const session = readSession(call, endpoint, content.era);
  if (session === undefined) return refuseSession(content.id);
  const candidates = listCandidates(call.target.place, call.server, endpoint);
  if (session === 'none') {
    const instance = candidates.length === 1 ? candidates[0] : chooseInstance(candidates, [], Math.random());
    return instance === undefined ? refuseEndpoint(content.id) : { instance, backendId: '' };
  }
  const instance = findHome(candidates, session.instance);
  return instance === undefined ? refuseSession(content.id) : { instance, backendId: session.backendId };
}

/** Path and query at which the backend accepts messages of this session, as it announced them: they are signed. */
function locateMessages(rest: string, query: string): string {
  return query === '' ? `/${rest}` : `/${rest}?${query}`;
}

/** Sends a call to an instance through an internal location that only the gate can reach. Returns a refusal if it cannot be sent. */
export function forward(call: Call, content: CallContent): Refusal {
  const endpoint = endpointOf(call.target);
  const chosen = choose(call, endpoint, content);
  if ('answer' in chosen) return chosen;
  const { instance, backendId } = chosen;
  const { place } = call.target;
  const cutsLists = needsFilter(call, endpoint, content.methods);
  // Legacy SSE replies on its stream, which is not recorded. A client that falls back to it begins with a GET.
  const isFiltered =
    cutsLists || (endpoint === 'mcp' && (call.method === 'GET' || watchesReply(call.server, content.methods)));
  const headers = writeMoreHeaders(call, content.era, isFiltered);
  const query = endpoint === 'message' ? '' : queryOf(call.server, instance);
  if (headers === undefined || query === undefined) return refuseSettings(content.id);
  const isStream = call.method === 'GET' || content.methods.includes(LISTEN);
  const limited = chargeCall(call, content, isStream);
  if (limited !== undefined) return limited;
  if (isStream) {
    const problem = openStream(call, cutsLists);
    if (problem !== undefined) return problem;
  }
  const v = ngx.var;
  v.mcpgw_verdict = 'allowed';
  v.mcpgw_id = platform.drawId(platform.now());
  v.mcpgw_who = call.key.who;
  v.mcpgw_note = writeNote({
    server: place.path,
    instance: instance.id,
    era: content.era,
    methods: content.methods,
    tools: content.tools,
    prompts: content.prompts,
    resources: content.resources,
    recorded: content.recorded,
  });
  if (headers !== '') v.mcpgw_more = headers;
  if (endpoint === 'message') v.mcpgw_message = locateMessages(call.target.route.rest, backendId);
  else if (backendId !== '') v.mcpgw_session = backendId;
  // A reply may start a new session, or a stream that names one.
  v.mcpgw_agent = call.key.agent;
  v.mcpgw_instance = instance.id;
  if (endpoint === 'sse') v.mcpgw_path = place.path;
  if (cutsLists) {
    v.mcpgw_key = call.key.sha256;
    if (content.id !== undefined && content.id.length <= MAX_ID) v.mcpgw_list_id = content.id;
  }
  return ngx.exec(instanceUri(call.server.id, instance.id, endpoint, isFiltered), query);
}
