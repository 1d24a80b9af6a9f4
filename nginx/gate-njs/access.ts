import fs from 'fs';
import type { GateFile, KeyFile, ServerFile } from '../../registry/contract/access-files.ts';
import { ACCESS_VERSION } from '../../registry/contract/access-version.ts';
import type { GateRequest } from './njs.d.ts';

// The files by which the registry says who may do what (DESIGN §6). What is missing, broken or of another version gives null: no.

interface Versioned {
  v: unknown;
}

/** What error.log may say of a file: nothing from which a key could be told. */
function show(name: string): string {
  return name.slice(0, 5) === 'keys/' ? name.slice(0, 13) + '….json' : name;
}

function parseOwnVersion(r: GateRequest, name: string, text: string): Versioned | null {
  const value = JSON.parse(text) as Versioned | null;
  if (value !== null && typeof value === 'object' && value.v === ACCESS_VERSION) return value;
  r.error(`access file ${show(name)} is of another version; nobody gets through by it`);
  return null;
}

function readFile(r: GateRequest, name: string): Versioned | null {
  try {
    return parseOwnVersion(r, name, fs.readFileSync(GATE_SETTINGS.accessDir + name, 'utf8'));
  } catch (e) {
    r.error(`access file ${show(name)} cannot be read; nobody gets through by it`);
    return null;
  }
}

/** `gate.json`; null: refuse everything. */
export function readGate(r: GateRequest): GateFile | null {
  return readFile(r, 'gate.json') as GateFile | null;
}

/** The file of a key, by the SHA-256 of it; undefined when there is none, which is no fault. */
export function readKeyFile(r: GateRequest, sha256: string): KeyFile | null | undefined {
  const name = 'keys/' + sha256 + '.json';
  // Asked first: a wrong key is a normal case, and an exception costs more than a question.
  if (fs.statSync(GATE_SETTINGS.accessDir + name, { throwIfNoEntry: false }) === undefined) return undefined;
  return readFile(r, name) as KeyFile | null;
}

/** The file of a server that the configuration names. */
export function readServer(r: GateRequest, id: string): ServerFile | null {
  return readFile(r, 'servers/' + id + '.json') as ServerFile | null;
}

/** The key that binds sessions to agents; null: no session is known. */
export function readSessionKey(r: GateRequest): string | null {
  const gate = readGate(r);
  return gate !== null && typeof gate.sessionKey === 'string' && gate.sessionKey.length === 43 ? gate.sessionKey : null;
}
