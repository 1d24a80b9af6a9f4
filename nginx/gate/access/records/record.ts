import type { GrantFile, LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import type { ZoneOffset } from '../../../../registry/contract/gate/limits/index.ts';
import type { ServerFacts } from '../../../../registry/contract/gate/rules/index.ts';

/** An object of decoded JSON. */
export type Fields = Record<string, unknown>;

/** Why there is no record. All of them mean no. */
export type Reason = 'missing' | 'unreadable' | 'too_large' | 'unparsable' | 'other_version' | 'invalid';

/** The answer where a file says nothing that may be relied on. */
export interface NoRecord {
  readonly ok: false;
  readonly reason: Reason;
  /** For the error log: names the file and what is wrong with it. */
  readonly message: string;
}

/** What a user of the records derives from one; it is dropped with the record. */
interface Derived {
  readonly derived: Record<string, unknown>;
}

/** `gate.json`. */
export interface GateRecord extends Derived {
  readonly ok: true;
  readonly drain: boolean;
  /** Why every call is refused. */
  readonly killed: string | undefined;
  readonly sessionKey: string;
}

/** `keys/<sha256>.json`. What is derived from it is remembered by `memoizeFor`. */
export interface KeyRecord {
  /** What was derived for servers, and how much that is. */
  derived: Record<string, unknown>;
  derivedCount: number;
  readonly ok: true;
  readonly sha256: string;
  readonly agent: string;
  /** Of the key, for calls.log. */
  readonly id: string | undefined;
  readonly enabled: boolean;
  readonly grants: readonly GrantFile[];
  /** Patterns of the servers that the key is limited to. */
  readonly servers: readonly string[] | undefined;
  /** Why every call of the agent is refused. */
  readonly killed: string | undefined;
  readonly sessionKey: string;
  readonly limits: readonly LimitFile[] | undefined;
  /** Of the agent's zone; undefined: UTC. */
  readonly offsets: readonly ZoneOffset[] | undefined;
  readonly expiresAtMs: number | undefined;
  readonly agentExpiresAtMs: number | undefined;
}

export interface Instance {
  readonly id: string;
  readonly up: boolean;
  readonly weight: number;
  readonly query: string | undefined;
}

/** What of calls a server asks to be recorded. */
export interface Recording {
  readonly toolErrors: boolean;
  readonly arguments: boolean;
  readonly results: boolean;
  /** Names of members whose values are left out. */
  readonly redact: readonly string[];
}

/** `servers/<id>.json`. */
export interface ServerRecord extends Derived {
  readonly ok: true;
  readonly id: string;
  readonly on: boolean;
  /** Why every call to it is refused. */
  readonly killed: string | undefined;
  /** Hashes of the approved definitions by the tool's name; undefined: any tool. */
  readonly tools: Readonly<Record<string, string | undefined>> | undefined;
  /** Tags of the server, and the tools that it lists as read-only. */
  readonly facts: ServerFacts;
  readonly instances: readonly Instance[];
  readonly credentials: Readonly<Record<string, string>> | undefined;
  readonly passKey: boolean;
  /** Its calls are made again at the source servers. */
  readonly isVirtual: boolean;
  /** Headers of the client that go on to the backend. */
  readonly forwardHeaders: readonly string[] | undefined;
  readonly limits: readonly LimitFile[] | undefined;
  /** What of calls is recorded beside their names; undefined: nothing. */
  readonly recording: Recording | undefined;
}
