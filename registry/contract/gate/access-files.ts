import type { ACCESS_VERSION } from './access-version.ts';
import type { ZoneOffset } from './limits/day.ts';

/**
 * The files in `DATA_DIR/access/` from which the gate reads who may do what (docs/architecture.md). Types only, so that the gate
 * does not import zod; the schemas are in `contract/access/access-file-schemas.ts`. Times are epoch milliseconds. A file that is missing,
 * unreadable, unparsable or of another version denies access.
 */

/**
 * `gate.json`: `drain` makes the gate close client connections after each reply; `killed` refuses every call, with this reason; `sessionKey`
 * binds session ids to agents (derived from SECRET_KEY, base64url).
 */
export interface GateFile {
  v: typeof ACCESS_VERSION;
  drain: boolean;
  killed: string | null;
  sessionKey: string;
}

/** Times of the week in which a grant is in force. */
export interface HoursFile {
  /** ISO 8601: Monday is 1. */
  days: number[];
  /** Minutes of the local day. */
  from: number;
  to: number;
  /** The zone's offset from UTC in minutes, each from a minute of UTC (since 1970) on; before the first it is 0. */
  offsets: ZoneOffset[];
}

/**
 * A grant as the gate reads it (rules/rules.ts). Selectors are names, patterns with stars, `annotation:readOnly` or `tag:…`, each denied with
 * a "!" before it. A list that is left out names nothing.
 */
export interface GrantFile {
  /** A path, `team/*` or `*`. */
  server: string;
  tools?: string[] | undefined;
  resources?: string[] | undefined;
  prompts?: string[] | undefined;
  /** All that the lists name is denied. */
  deny?: true | undefined;
  hours?: HoursFile | undefined;
  expiresAt?: number | undefined;
}

/**
 * A rule of limits as the gate reads it. `id` names its counters (registry/access/limits/name-counters.ts); a rule that counts each agent
 * separately has separate counters for each. Members that are left out are not limited.
 */
export interface LimitFile {
  id: string;
  /** The owner of the rule, for error responses: `agent`, `group` or `server`, and its name. */
  of: 'agent' | 'group' | 'server';
  name: string;
  /** Servers that it applies to, as in a grant; left out: all, including the management server. */
  server?: string | undefined;
  /** Name or pattern with stars, its letters in lower case: it applies to calls of these tools only. */
  tool?: string | undefined;
  perAgent?: true | undefined;
  perSecond?: number | undefined;
  burst?: number | undefined;
  calls?: number | undefined;
  streams?: number | undefined;
  perDay?: number | undefined;
  largeBodies?: number | undefined;
  /** Of the zone whose days are counted, if it is neither the agent's nor UTC. */
  offsets?: ZoneOffset[] | undefined;
}

/**
 * `keys/<sha256 hex of the key>.json`: the key, and what its agent may do, so that a call needs one file and not two (ADR 0011). Without an
 * expiry the `…expiresAt` is absent.
 */
export interface KeyFile {
  v: typeof ACCESS_VERSION;
  agent: string;
  /** Id of the key, for calls.log. */
  id?: string | undefined;
  /** Of the agent. */
  enabled: boolean;
  grants: GrantFile[];
  /** Patterns of the servers that the key is limited to; left out: all that the grants cover. */
  servers?: string[] | undefined;
  /** What the meta endpoint lists; left out: by the number of tools. The gate does not read it. */
  toolList?: 'direct' | 'meta' | undefined;
  /** Why all calls of the agent are refused. */
  killed?: string | undefined;
  /** The same as in `gate.json`, which nearly no call reads. */
  sessionKey: string;
  /** Of the agent and its groups. */
  limits?: LimitFile[] | undefined;
  /** Of the agent's zone, whose days are counted, if it is not UTC. */
  offsets?: ZoneOffset[] | undefined;
  /** Of the key. */
  expiresAt?: number | undefined;
  agentExpiresAt?: number | undefined;
}

/** `servers/<id>.json`. Members that most servers do not need are left out: the gate reads this for each call, and each byte costs time. */
export interface ServerFile {
  v: typeof ACCESS_VERSION;
  state: 'on' | 'off';
  /** Why all calls to the server are refused. */
  killed?: string | undefined;
  /** Tools that may be called at all, each with the SHA-256 of its approved definition (hex, of its canonical form); null = any. */
  tools: Record<string, string> | null;
  /** For grants by tag. */
  tags?: string[] | undefined;
  /** Tools that the server lists as read-only, for grants by annotation. */
  readOnly?: string[] | undefined;
  instances: {
    id: string;
    up: boolean;
    /** 1 when left out. */
    weight?: number | undefined;
    /** What follows "?" in the registered URL: a secret, so it is never rendered. */
    query?: string | undefined;
  }[];
  /** Header → value, sent to the backend. Names as registered. */
  credentials?: Record<string, string> | undefined;
  /** Names of the client's headers that are forwarded to the backend in addition to the standard ones. */
  forwardHeaders?: string[] | undefined;
  /** Of the server, for all agents. */
  limits?: LimitFile[] | undefined;
  /** Only the management server and what the bridge runs: the caller's own key is passed on. */
  passKey?: true | undefined;
  /** A virtual server: each of its calls returns to the gate as a call of another server, with the same key. */
  virtual?: true | undefined;
  /** What is recorded of calls in addition to their names. */
  recording?: { toolErrors: boolean; arguments: boolean; results: boolean; redact: string[] } | undefined;
}
