/** One JSON-RPC message of a body. Strings are UTF-8 bytes, escapes decoded, unless stated otherwise. */
export interface Message {
  /** A request has a method and an `id` member, a notification a method only, a response no method. */
  kind: 'request' | 'notification' | 'response';
  /** Undefined: a response. */
  method: string | undefined;
  /** The JSON text of a string or number id, byte for byte as the client wrote it. */
  id: string | undefined;
  /** `params.name` and `params.uri`. Undefined: absent, not a string, or a string that parsers read differently (half a surrogate pair). */
  name: string | undefined;
  uri: string | undefined;
  /** `params.ref.name` and `params.ref.uri` of `completion/complete`, under the same conditions. */
  refName: string | undefined;
  refUri: string | undefined;
  /** The strings of `params.notifications.resourceSubscriptions` of `subscriptions/listen`; undefined: none. */
  uris: string[] | undefined;
  /** The value of that member cannot be judged: not a list of unambiguous strings, or longer than any client needs. */
  isFilterUnclear: boolean;
  /** `params._meta["io.modelcontextprotocol/protocolVersion"]`, if it is a string. */
  version: string | undefined;
}

export interface ReadBody {
  /** At least one. */
  messages: Message[];
  isBatch: boolean;
  /** The `id` of the message, as in `Message`, when the body is not a batch. */
  id: string | undefined;
  /** About how much memory reading took that the garbage collector can now free, in KB; includes the body itself. */
  garbageKb: number;
}

export type BodyProblem =
  | 'body_missing'
  | 'byte_order_mark'
  | 'not_utf8'
  | 'not_json'
  | 'too_deep'
  | 'too_many_members'
  | 'too_many_escaped_keys'
  | 'too_many_messages'
  | 'keys_collide'
  | 'key_twice'
  | 'member_ambiguous'
  | 'id_too_long'
  | 'not_a_message'
  | 'tool_missing';

/** Why a body is refused: a machine-readable reason, what is wrong, and how to correct it. */
export interface BodyRefusal {
  reason: BodyProblem;
  message: string;
  hint: string;
  /** As in `ReadBody`, if it was read before the refusal and the body is JSON. */
  id: string | undefined;
  garbageKb: number;
}

export type ScanResult = ReadBody | BodyRefusal;

/** Limits on the contents of a body. The caller limits its length in bytes. */
export interface Limits {
  /** Nested objects and arrays, the outermost included. */
  maxDepth: number;
  /** Commas and opening brackets outside strings, which limits array elements and object members together. */
  maxMembers: number;
  /** Keys that are written with a backslash. */
  maxEscapedKeys: number;
  /** Messages in a batch. */
  maxMessages: number;
  /** A secret random 32-bit integer of each worker for hashing keys, so that nobody can prepare keys that collide. */
  hashSeed: number;
}
