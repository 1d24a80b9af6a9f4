import crypto from 'crypto';
import fs from 'fs';
import type { KeyFile, ServerFile } from '../../registry/contract/access-files.ts';
import { ACCESS_VERSION, CALM_AT_MS } from '../../registry/contract/access-version.ts';
import { describeAsked, describeCall } from './describe-asked.ts';
import { detectEra, VERSION_KEY } from './era.ts';
import { findForbidden, grantedTools } from './grants.ts';
import { isOver } from './is-over.ts';
import { chooseInstance, drawChance, findInstance, isMcpRouted, type Instance } from './instances.ts';
import { KEY_LENGTH } from './key.ts';
import type { GateRequest } from './njs.d.ts';
import { openRest } from './open-rest.ts';
import { sign } from './session.ts';
import { credentialVariable } from './set-credentials.ts';

// The way that nearly every call takes, and nothing else. What decide.ts judges with all its refusals and rare cases, this only lets pass when
// each answer is plain; for anything else it gives up, having changed nothing that matters, and the whole gate judges anew. It is one long
// function because in njs each function, call and regular expression costs more than what it does (bench/findings.md).

/** A file that is not there is a normal case. */
const ASK = { throwIfNoEntry: false } as const;
const BEYOND_ASCII = /[^\x00-\x7f]/;
/** Bodies up to this length are compared with what JSON.stringify makes of them. */
const MAX_PLAIN = 4096;

interface PlainMessage {
  method?: unknown;
  params?: { name?: unknown; _meta?: Record<string, unknown> | null } | null;
}

/** Sends an ordinary call on; false: it is none, or may not pass, and nothing was answered. Throws where a file or the body is not as usual. */
function pass(r: GateRequest): boolean {
  const v = r.variables;
  const access = GATE_SETTINGS.accessDir;
  const gate = fs.statSync(access + 'gate.json', ASK);
  if (gate === undefined || gate.mtimeMs !== CALM_AT_MS || r.method !== 'POST') return false;

  const target = v.request_uri ?? '';
  if (target.slice(-4) !== '/mcp') return false;
  const path = target.slice(1, -4);
  v.mcpgw_path = path;
  const published = v.mcpgw_published ?? '';
  const mark = published.indexOf('|');
  // NGINX looks a map up without regard to case; the path that is registered stands at its end.
  if (mark < 0 || published.slice(-path.length - 1) !== '|' + path || v.mcpgw_odd_body !== '') return false;
  const serverId = published.slice(0, mark);

  const bearer = v.http_authorization ?? '';
  const key = bearer.slice(7);
  if (key.length !== KEY_LENGTH || bearer !== 'Bearer ' + key) return false;
  const keyName = access + 'keys/' + crypto.createHash('sha256').update(key).digest('hex') + '.json';
  if (fs.statSync(keyName, ASK) === undefined) return false;
  const keyFile = JSON.parse(fs.readFileSync(keyName, 'utf8')) as KeyFile;
  const name = keyFile.agent;
  if (keyFile.v !== ACCESS_VERSION || typeof name !== 'string' || keyFile.enabled !== true) return false;
  if (keyFile.expiresAt !== undefined && isOver(keyFile.expiresAt, Date.now())) return false;
  if (keyFile.agentExpiresAt !== undefined && isOver(keyFile.agentExpiresAt, Date.now())) return false;
  const granted = grantedTools(keyFile.grants, path);
  if (granted === undefined) return false;

  const server = JSON.parse(fs.readFileSync(access + 'servers/' + serverId + '.json', 'utf8')) as ServerFile;
  if (server.v !== ACCESS_VERSION || server.state !== 'on' || server.passKey === true) return false;

  const version = v.http_mcp_protocol_version;
  const text = r.requestText ?? '';
  let method: unknown;
  let tool: unknown = null;
  let versionInBody: unknown;
  // In njs 0.7.9 requestText is bytes, which only as ASCII are text.
  const message = text.length <= MAX_PLAIN && text.search(BEYOND_ASCII) < 0 ? (JSON.parse(text) as PlainMessage) : null;
  // Text that JSON.stringify would write is JSON, with each key once.
  if (message !== null && JSON.stringify(message) === text) {
    const params = message.params ?? null;
    method = message.method;
    if (method === 'tools/call' && params !== null) tool = params.name;
    if (version === undefined && params !== null && params._meta) versionInBody = params._meta[VERSION_KEY];
  } else {
    const read = openRest().readBody(r.requestBuffer);
    if ('reason' in read || read.messages.length !== 1) return false;
    method = read.methods[0];
    tool = read.tools[0];
    versionInBody = read.version;
  }
  if (typeof method !== 'string') return false;
  const isCall = method === 'tools/call';
  if (isCall) {
    if (typeof tool !== 'string') return false;
    if ((granted !== null || server.tools !== null) && findForbidden([tool], granted, server.tools) !== undefined)
      return false;
  }
  const era = detectEra(version, typeof versionInBody === 'string' ? versionInBody : undefined);
  const saidMethod = v.http_mcp_method;
  if (saidMethod !== undefined && saidMethod !== method) return false;
  const saidName = v.http_mcp_name;
  if (saidName !== undefined && (!isCall || saidName !== tool)) return false;

  const tagged = era === 'modern' ? undefined : v.http_mcp_session_id;
  let instance: Instance | undefined;
  if (tagged === undefined) {
    const candidates = server.instances.filter((one) => isMcpRouted(published, one.id));
    instance = chooseInstance(candidates, [], candidates.length < 2 ? 0 : drawChance(v.request_id ?? ''));
    if (instance === undefined) return false;
  } else {
    const tilde = tagged.lastIndexOf('~');
    const id = tagged.slice(tilde + 1, -17);
    const backendId = tagged.slice(0, tilde);
    instance = findInstance(server.instances, id);
    if (tilde < 1 || instance === undefined || !instance.up || !isMcpRouted(published, id)) return false;
    if (tagged.slice(-17) !== '.' + sign(keyFile.sessionKey, backendId, name, id)) return false;
    v.mcpgw_session = backendId;
  }

  const credentials = server.credentials;
  if (credentials !== undefined)
    for (const header in credentials) v[credentialVariable(header)] = credentials[header] ?? '';
  v.mcpgw_agent = name;
  v.mcpgw_asked = typeof tool === 'string' && isCall ? describeCall(era, tool) : describeAsked(era, [method], []);
  v.mcpgw_verdict = 'allowed';
  v.mcpgw_instance = instance.id;
  const uri = '/_up/' + serverId + '/' + instance.id + '/mcp';
  const query = instance.query ?? '';
  r.internalRedirect(query === '' ? uri : uri + '?' + query);
  return true;
}

/** Sends an ordinary call on (DESIGN §6, all of it); false: it is not ordinary, or may not pass, and nothing was answered. */
export function passOrdinary(r: GateRequest): boolean {
  try {
    return pass(r);
  } catch (e) {
    // A file that cannot be read, a body that is not JSON: the whole gate says it in words.
    return false;
  }
}
