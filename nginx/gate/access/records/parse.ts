import { indexNames } from '../../../../registry/contract/gate/rules/index.ts';
import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import { isLimits, isOffsets } from './parse-limits.ts';
import type { Fields, GateRecord, Instance, KeyRecord, Recording, ServerRecord } from './record.ts';
import { shareAccess } from './share-access.ts';
import { writeWho } from './write-who.ts';

/** Creates a record from a file's fields, or returns which field is wrong. `name`: the file's name without `.json`. */
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
  if (killed !== jsonNull && !isText(killed)) return '"killed" must be a string or null';
  if (!isText(sessionKey)) return '"sessionKey" must be a string';
  return { ok: true, drain, killed: isText(killed) ? killed : undefined, sessionKey, derived: {} };
};

const isTextsOrAbsent = (value: unknown): boolean => value === undefined || isTexts(value);

function isHours(value: unknown): boolean {
  if (!isTable(value) || !isTable(value.days) || !isTable(value.offsets)) return false;
  for (const day of value.days as unknown as unknown[]) if (!isNumber(day)) return false;
  for (const one of value.offsets as unknown as unknown[])
    if (!isTable(one) || !isNumber(one.from) || !isNumber(one.minutes)) return false;
  return isNumber(value.from) && isNumber(value.to);
}

function isGrant(one: unknown): boolean {
  return (
    isTable(one) &&
    isText(one.server) &&
    isTextsOrAbsent(one.tools) &&
    isTextsOrAbsent(one.resources) &&
    isTextsOrAbsent(one.prompts) &&
    (one.deny === undefined || one.deny === true) &&
    (one.hours === undefined || isHours(one.hours)) &&
    (one.expiresAt === undefined || isNumber(one.expiresAt))
  );
}

function parseGrants(value: unknown): GrantFile[] | undefined {
  if (!isTable(value)) return undefined;
  for (const one of value as unknown as unknown[]) if (!isGrant(one)) return undefined;
  return value as unknown as GrantFile[];
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

export const parseKey: Parse<KeyRecord> = (fields, name) => {
  const { agent, id, enabled, servers, killed, sessionKey, limits, offsets, expiresAt, agentExpiresAt } = fields;
  const grants = parseGrants(fields['grants']);
  if (!isText(agent)) return '"agent" must be a string';
  if (id !== undefined && !isText(id)) return '"id" must be a string or omitted';
  if (!isFlag(enabled)) return '"enabled" must be true or false';
  if (grants === undefined) return '"grants" must be a list of {server, tools, resources, prompts}';
  if (servers !== undefined && !isTexts(servers)) return '"servers" must be a list of patterns';
  if (killed !== undefined && !isText(killed)) return '"killed" must be a string or omitted';
  if (!isText(sessionKey)) return '"sessionKey" must be a string';
  if (limits !== undefined && !isLimits(limits)) return '"limits" must be a list of rules';
  if (offsets !== undefined && !isOffsets(offsets)) return '"offsets" must be a list of {from, minutes}';
  if (expiresAt !== undefined && !isNumber(expiresAt)) return '"expiresAt" must be a number';
  if (agentExpiresAt !== undefined && !isNumber(agentExpiresAt)) return '"agentExpiresAt" must be a number';
  const access = shareAccess(grants, servers);
  const record: Writable<KeyRecord> = {
    ok: true,
    sha256: name,
    agent,
    who: writeWho(agent, id),
    enabled,
    access,
    derived: undefined,
    derivedCount: 0,
  };
  if (killed !== undefined) record.killed = killed;
  if (limits !== undefined) record.limits = limits;
  if (offsets !== undefined) record.offsets = offsets;
  if (expiresAt !== undefined) record.expiresAtMs = expiresAt;
  if (agentExpiresAt !== undefined) record.agentExpiresAtMs = agentExpiresAt;
  return record;
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

/** Strings by name, such as headers or hashes. */
function isTextByText(value: unknown): value is Record<string, string> {
  if (!isTable(value)) return false;
  for (const header in value) if (!isText(header) || !isText(value[header])) return false;
  return true;
}

function parseRecording(value: unknown): Recording | string | undefined {
  if (value === undefined) return undefined;
  if (!isTable(value)) return '"recording" must be an object';
  const { toolErrors = false, arguments: args = false, results = false, redact = [] } = value;
  if (!isFlag(toolErrors) || !isFlag(args) || !isFlag(results) || !isTexts(redact))
    return '"recording" must be {toolErrors, arguments, results, redact}';
  return { toolErrors, arguments: args, results, redact };
}

export const parseServer: Parse<ServerRecord> = (fields, name, jsonNull) => {
  const {
    state,
    killed,
    tools,
    tags = [],
    readOnly = [],
    credentials,
    passKey,
    virtual,
    forwardHeaders,
    limits,
  } = fields;
  const instances = parseInstances(fields['instances']);
  const recording = parseRecording(fields['recording']);
  if (typeof recording === 'string') return recording;
  if (state !== 'on' && state !== 'off') return '"state" must be "on" or "off"';
  if (killed !== undefined && !isText(killed)) return '"killed" must be a string or omitted';
  if (tools !== jsonNull && !isTextByText(tools)) return '"tools" must be hashes by name, or null';
  if (!isTexts(tags) || !isTexts(readOnly)) return '"tags" and "readOnly" must be lists of strings';
  if (instances === undefined) return '"instances" must be a list of {id, up, weight, query}';
  if (credentials !== undefined && !isTextByText(credentials)) return '"credentials" must be strings by header name';
  if (passKey !== undefined && passKey !== true) return '"passKey" must be true or omitted';
  if (virtual !== undefined && virtual !== true) return '"virtual" must be true or omitted';
  if (forwardHeaders !== undefined && !isTexts(forwardHeaders)) return '"forwardHeaders" must be a list of names';
  if (limits !== undefined && !isLimits(limits)) return '"limits" must be a list of rules';
  return {
    ok: true,
    id: name,
    on: state === 'on',
    killed,
    tools: isTextByText(tools) ? tools : undefined,
    facts: { tags, readOnly: indexNames(readOnly) },
    instances,
    credentials,
    passKey: passKey === true,
    isVirtual: virtual === true,
    forwardHeaders,
    limits,
    recording,
    derived: {},
  };
};
