import { platform } from 'platform/system';
import { lastIndexOf } from 'platform/text';
import type { GateRecord } from '../../access/records/index.ts';
import type { Mac } from '../../platform/types.d.ts';

/** What a tag binds: the backend's own session, and its instance. */
export interface Session {
  backendId: string;
  instance: string;
}

const TAG_BYTES = 8;
/** The dot and the 16 digits. */
const TAG_LENGTH = 1 + 2 * TAG_BYTES;

/** The MAC that signs sessions, created once per version of `gate.json`. */
export function macOf(gate: GateRecord): Mac {
  const before = gate.derived.mac as Mac | undefined;
  if (before !== undefined) return before;
  const mac = platform.createMac(gate.sessionKey);
  gate.derived.mac = mac;
  return mac;
}

/** 16 hex digits that only the gate can compute. The parts are unambiguous, since none contains a line break. */
export function sign(mac: Mac, backendId: string, agent: string, instance: string): string {
  return platform.macHex(mac, backendId, `\n${agent}\n${instance}`, TAG_BYTES);
}

/** The session id that the client gets. */
export function tagSession(mac: Mac, session: Session, agent: string): string {
  return `${session.backendId}~${session.instance}.${sign(mac, session.backendId, agent, session.instance)}`;
}

interface Judged extends Session {
  mac: Mac;
  agent: string;
}

/** Maximum number of cached ids, the same as of keys, and the length up to which they are cached. */
const MAX_KNOWN = 20_000;
const MAX_LENGTH = 256;
/** Ids with a valid tag, each with the agent and MAC for which it is valid: the next calls of a session need no digest. */
let known: Record<string, Judged | undefined> = {};
let count = 0;

function memoize(tagged: string, judged: Judged): void {
  if (tagged.length > MAX_LENGTH) return;
  if (known[tagged] === undefined) count += 1;
  if (count > MAX_KNOWN) {
    known = {};
    count = 1;
  }
  known[tagged] = judged;
}

/** The session that a client's id refers to; undefined when it was not issued to this agent. */
export function readTag(mac: Mac, tagged: string, agent: string): Session | undefined {
  const before = known[tagged];
  if (before !== undefined && before.mac === mac && before.agent === agent) return before;
  const session = judgeTag(mac, tagged, agent);
  if (session !== undefined) memoize(tagged, { backendId: session.backendId, instance: session.instance, mac, agent });
  return session;
}

function judgeTag(mac: Mac, tagged: string, agent: string): Session | undefined {
  const mark = lastIndexOf(tagged, '~');
  const dot = tagged.length - TAG_LENGTH;
  if (mark < 1 || dot <= mark || tagged.charAt(dot) !== '.') return undefined;
  const session = { backendId: tagged.slice(0, mark), instance: tagged.slice(mark + 1, dot) };
  const digits = sign(mac, session.backendId, agent, session.instance);
  return platform.isSame(digits, tagged.slice(dot + 1)) ? session : undefined;
}
