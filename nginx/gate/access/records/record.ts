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

/** What was derived for servers, and how much that is; `memoizeFor` adds to it. */
export interface Memo {
  derived: Record<string, unknown> | undefined;
  derivedCount: number;
}

/** What keys may use, one record for all keys of which it is the same. */
export interface Access extends Memo {
  readonly grants: readonly GrantFile[];
  /** Patterns of the servers that the keys are limited to. */
  readonly servers: readonly string[] | undefined;
  /** How many keys were read that share it. */
  keys: number;
}

/** `keys/<sha256>.json`. What few keys have is left out, so that the records of thousands are small. */
export interface KeyRecord extends Memo {
  readonly ok: true;
  readonly sha256: string;
  readonly agent: string;
  /** Agent and id of the key as a line of calls.log has them (writeWho). */
  readonly who: string;
  readonly enabled: boolean;
  readonly access: Access;
  /** Why every call of the agent is refused. */
  readonly killed?: string;
  readonly limits?: readonly LimitFile[];
  /** Of the agent's zone; undefined: UTC. */
  readonly offsets?: readonly ZoneOffset[];
  readonly expiresAtMs?: number;
  readonly agentExpiresAtMs?: number;
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
