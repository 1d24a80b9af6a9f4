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

/** The POST whose reply is a stream that stands (MCP 2026-07-28); every other one ends with its answer. */
const LISTEN = 'subscriptions/listen';

/** Longer ids are not repeated where a filtered reply is refused. */
const MAX_ID = 128;

function refuseSession(id: string | undefined): Refusal {
  return {
    answer: 'unknown_session',
    reason: 'session_unknown',
    message: 'this session is not known here',
    hint: 'send initialize again, without Mcp-Session-Id',
    id,
  };
}

function refuseEndpoint(id: string | undefined): Refusal {
  return {
    answer: 'unavailable',
    reason: 'endpoint_missing',
    message: 'no instance of this server has this endpoint',
    hint: 'use <gateway>/<path>/mcp; the operator of this gateway sees more on the page of the server',
    id,
  };
}

function refuseSettings(id: string | undefined): Refusal {
  return {
    answer: 'unavailable',
    reason: 'server_settings',
    message: 'a credential or query of this server cannot be sent',
    hint: 'the operator of this gateway enters the headers and the URL of the server again',
    id,
  };
}

/** The tag that a call carries; `none`: it belongs to no session. */
function readSession(call: Call, endpoint: Endpoint, era: Era): Session | 'none' | undefined {
  const { route } = call.target;
  if (endpoint === 'message') return readMessageTag(macOf(call.gate), route, call.key.agent);
  const tagged = ngx.var.http_mcp_session_id;
  // From 2026-07-28 on there are no sessions; the header means nothing there.
  if (tagged === undefined || endpoint === 'sse' || era === 'modern') return 'none';
  return readTag(macOf(call.gate), tagged, call.key.agent);
}

interface Chosen {
  instance: Instance;
  /** Id of the backend's session, or the query of its message URL; empty: none. */
  backendId: string;
}

/** The instance that a call goes to, or why there is none. */
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

/** Path and query at which the backend itself said that it takes the messages of this session: they are signed. */
function locateMessages(rest: string, query: string): string {
  return query === '' ? `/${rest}` : `/${rest}?${query}`;
}

/** Sends a call to an instance, by an internal location that only the gate can reach. Returns a refusal where it may go to none. */
export function forward(call: Call, content: CallContent): Refusal {
  const endpoint = endpointOf(call.target);
  const chosen = choose(call, endpoint, content);
  if ('answer' in chosen) return chosen;
  const { instance, backendId } = chosen;
  const { place } = call.target;
  const cutsLists = needsFilter(call, endpoint, content.methods);
  // Legacy SSE answers on its stream, which is not recorded. A client that falls back to it begins with a GET.
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
  // A reply may bring a new session, or a stream that names one.
  v.mcpgw_agent = call.key.agent;
  v.mcpgw_instance = instance.id;
  if (endpoint === 'sse') v.mcpgw_path = place.path;
  if (cutsLists) {
    v.mcpgw_key = call.key.sha256;
    if (content.id !== undefined && content.id.length <= MAX_ID) v.mcpgw_list_id = content.id;
  }
  return ngx.exec(instanceUri(call.server.id, instance.id, endpoint, isFiltered), query);
}
