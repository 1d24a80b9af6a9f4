import fs from 'fs';
import type { AgentFile, GateFile, KeyFile, ServerFile, SessionFile } from '../../registry/contract/access-files.ts';
import type { GateRequest } from './njs.d.ts';

// The files by which the registry says who may do what (DESIGN §6). What is missing, broken or of another version gives null: no.

/** The text that gate.json has nearly always; it need not be parsed. */
const CALM_GATE = '{"v":1,"drain":false,"killed":null}\n';

interface Versioned {
  v: unknown;
}

/** What error.log may say of a file: nothing from which a key could be told. */
function show(name: string): string {
  return name.slice(0, 5) === 'keys/' ? name.slice(0, 13) + '….json' : name;
}

function parseVersion1(r: GateRequest, name: string, text: string): Versioned | null {
  const value = JSON.parse(text) as Versioned | null;
  if (value !== null && typeof value === 'object' && value.v === 1) return value;
  r.error(`access file ${show(name)} is of another version; nobody gets through by it`);
  return null;
}

function readFile(r: GateRequest, name: string): Versioned | null {
  try {
    return parseVersion1(r, name, fs.readFileSync(GATE_SETTINGS.accessDir + name, 'utf8'));
  } catch (e) {
    r.error(`access file ${show(name)} cannot be read; nobody gets through by it`);
    return null;
  }
}

/** `gate.json`; null: refuse everything. */
export function readGate(r: GateRequest): GateFile | null {
  try {
    const text = fs.readFileSync(GATE_SETTINGS.accessDir + 'gate.json', 'utf8');
    if (text === CALM_GATE) return { v: 1, drain: false, killed: null };
    return parseVersion1(r, 'gate.json', text) as GateFile | null;
  } catch (e) {
    r.error('access file gate.json cannot be read; nobody gets through');
    return null;
  }
}

/** The file of a key, by the SHA-256 of it; undefined when there is none, which is no fault. */
export function readKeyFile(r: GateRequest, sha256: string): KeyFile | null | undefined {
  const name = 'keys/' + sha256 + '.json';
  // Asked first: a wrong key is a normal case, and an exception costs more than a question.
  if (fs.statSync(GATE_SETTINGS.accessDir + name, { throwIfNoEntry: false }) === undefined) return undefined;
  return readFile(r, name) as KeyFile | null;
}

/** The file of an agent that a key names. */
export function readAgent(r: GateRequest, name: string): AgentFile | null {
  return readFile(r, 'agents/' + name + '.json') as AgentFile | null;
}

/** The file of a server that the configuration names. */
export function readServer(r: GateRequest, id: string): ServerFile | null {
  return readFile(r, 'servers/' + id + '.json') as ServerFile | null;
}

/** How session.json always begins; the key follows. */
const SESSION_START = '{"v":1,"key":"';

/** The key that binds sessions to agents, hex; null: no session is known. */
export function readSessionKey(r: GateRequest): string | null {
  try {
    const text = fs.readFileSync(GATE_SETTINGS.accessDir + 'session.json', 'utf8');
    if (text.slice(0, 14) === SESSION_START && text.charAt(78) === '"') return text.slice(14, 78);
    const file = parseVersion1(r, 'session.json', text) as SessionFile | null;
    return file !== null && typeof file.key === 'string' && file.key.length === 64 ? file.key : null;
  } catch (e) {
    r.error('access file session.json cannot be read; no session is known');
    return null;
  }
}
