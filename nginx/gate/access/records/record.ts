import type { GrantFile, LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import type { ZoneOffset } from '../../../../registry/contract/gate/limits/index.ts';
import type { ServerFacts } from '../../../../registry/contract/gate/rules/index.ts';

/** An object of decoded JSON. */
export type Fields = Record<string, unknown>;

/** Why there is no record. With any of them the request is refused. */
export type Reason = 'missing' | 'unreadable' | 'too_large' | 'unparsable' | 'other_version' | 'invalid';

/** The result when a file has no usable contents. */
export interface NoRecord {
  readonly ok: false;
  readonly reason: Reason;
  /** For the error log: names the file and what is wrong with it. */
  readonly message: string;
}

/** Values that users of the records derive from one; they are dropped with the record. */
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

/** Values that were derived for servers, and how many there are; `memoizeFor` adds to them. */
export interface Memo {
  derived: Record<string, unknown> | undefined;
  derivedCount: number;
}

/** What keys may use; keys with the same access share one record. */
export interface Access extends Memo {
  readonly grants: readonly GrantFile[];
  /** Patterns of the servers that the keys are limited to. */
  readonly servers: readonly string[] | undefined;
  /** How many of the keys that were read share it. */
  keys: number;
}

/** `keys/<sha256>.json`. Rare members are omitted when absent, so that the records of thousands of keys are small. */
export interface KeyRecord extends Memo {
  readonly ok: true;
  readonly sha256: string;
  readonly agent: string;
  /** Agent and id of the key as in a line of calls.log (writeWho). */
  readonly who: string;
  readonly enabled: boolean;
  readonly access: Access;
  /** Why every call of the agent is refused. */
  readonly killed?: string;
  readonly limits?: readonly LimitFile[];
  /** Offsets of the agent's time zone; undefined: UTC. */
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

/** Which parts of a server's calls are recorded. */
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
  /** Its calls are made again to the source servers. */
  readonly isVirtual: boolean;
  /** Headers of the client that are forwarded to the backend. */
  readonly forwardHeaders: readonly string[] | undefined;
  readonly limits: readonly LimitFile[] | undefined;
  /** What is recorded of calls in addition to their names; undefined: nothing. */
  readonly recording: Recording | undefined;
}
