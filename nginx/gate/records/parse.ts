import type { GateRecord, Grant, Instance, KeyRecord, ServerRecord } from './record.ts';

/** An object of decoded JSON. */
export type Fields = Record<string, unknown>;

/** Makes a record of a file's fields, or says which field is wrong. `name`: the file's name without `.json`. */
export type Parse<T> = (fields: Fields, name: string, jsonNull: unknown) => T | string;

const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTable = (value: unknown): value is Fields => typeof value === 'object';

function isTexts(value: unknown): value is string[] {
  if (!isTable(value)) return false;
  for (const one of value as unknown as unknown[]) if (!isText(one)) return false;
  return true;
}

export const parseGate: Parse<GateRecord> = (fields, _name, jsonNull) => {
  const { drain, killed, sessionKey } = fields;
  if (!isFlag(drain)) return '"drain" must be true or false';
  if (killed !== jsonNull && !isText(killed)) return '"killed" must be a text or null';
  if (!isText(sessionKey)) return '"sessionKey" must be a text';
  return { ok: true, drain, killed: isText(killed) ? killed : undefined, sessionKey, derived: {} };
};

function parseGrants(value: unknown): Grant[] | undefined {
  if (!isTable(value)) return undefined;
  const grants = value as unknown as Partial<Grant>[];
  for (const one of grants) if (!isTable(one) || !isText(one.server) || !isTexts(one.tools)) return undefined;
  return grants as Grant[];
}

export const parseKey: Parse<KeyRecord> = (fields, name) => {
  const { agent, enabled, sessionKey, expiresAt, agentExpiresAt } = fields;
  const grants = parseGrants(fields['grants']);
  if (!isText(agent)) return '"agent" must be a text';
  if (!isFlag(enabled)) return '"enabled" must be true or false';
  if (grants === undefined) return '"grants" must be a list of {server, tools}';
  if (!isText(sessionKey)) return '"sessionKey" must be a text';
  if (expiresAt !== undefined && !isNumber(expiresAt)) return '"expiresAt" must be a number';
  if (agentExpiresAt !== undefined && !isNumber(agentExpiresAt)) return '"agentExpiresAt" must be a number';
  const ends = { expiresAtMs: expiresAt, agentExpiresAtMs: agentExpiresAt };
  return { ok: true, sha256: name, agent, enabled, grants, sessionKey, ...ends, derived: {} };
};

function parseInstances(value: unknown): Instance[] | undefined {
  if (!isTable(value)) return undefined;
  const instances: Instance[] = [];
  for (const one of value as unknown as unknown[]) {
    if (!isTable(one)) return undefined;
    const { id, up, weight = 1, query } = one;
    if (!isText(id) || !isFlag(up) || !isNumber(weight) || (query !== undefined && !isText(query))) return undefined;
    instances.push({ id, up, weight, query });
  }
  return instances;
}

function isCredentials(value: unknown): value is Record<string, string> {
  if (!isTable(value)) return false;
  for (const header in value) if (!isText(header) || !isText(value[header])) return false;
  return true;
}

export const parseServer: Parse<ServerRecord> = (fields, name, jsonNull) => {
  const { state, tools, credentials, passKey, forwardHeaders } = fields;
  const instances = parseInstances(fields['instances']);
  if (state !== 'on' && state !== 'off') return '"state" must be "on" or "off"';
  if (tools !== jsonNull && !isTexts(tools)) return '"tools" must be a list of names or null';
  if (instances === undefined) return '"instances" must be a list of {id, up, weight, query}';
  if (credentials !== undefined && !isCredentials(credentials)) return '"credentials" must be texts by header name';
  if (passKey !== undefined && passKey !== true) return '"passKey" must be true or left out';
  if (forwardHeaders !== undefined && !isTexts(forwardHeaders)) return '"forwardHeaders" must be a list of names';
  return {
    ok: true,
    id: name,
    on: state === 'on',
    tools: isTexts(tools) ? tools : undefined,
    instances,
    credentials,
    passKey: passKey === true,
    forwardHeaders,
    derived: {},
  };
};
