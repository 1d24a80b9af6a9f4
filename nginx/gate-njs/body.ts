import { VERSION_KEY } from './era.ts';
import { MAX_MEMBERS, hasKeyTwice, hasTooManyMembers, isDeeperThan, splitAtStrings } from './count-keys.ts';

/** One message of a body. */
export interface Message {
  /** Null: a response. */
  method: string | null;
  /** `params.name` or `params.uri`, for the methods that have one. */
  name: string | null;
}

export interface ReadBody {
  /** The methods of its messages, responses left out. */
  methods: string[];
  /** The request's id, when the body is one request. */
  id: string | number | null;
  messages: Message[];
  /** Names of the tools that are called. */
  tools: string[];
  /** `_meta["io.modelcontextprotocol/protocolVersion"]` of the first message. */
  version: string | undefined;
}

/** Why a body is not acceptable: a word, and what would be right. */
export interface BodyProblem {
  reason: string;
  message: string;
  hint: string;
  id: string | number | null;
}

/** What njs can parse; deeper is refused. */
const MAX_DEPTH = 31;
/** Bodies up to this length are compared with what JSON.stringify makes of them. */
const MAX_PLAIN = 4096;

function complain(reason: string, message: string, hint: string): BodyProblem {
  return { reason: reason, message: message, hint: hint, id: null };
}

/** Text of a body, or null when it is not UTF-8. */
function decode(body: Buffer): string | null {
  const text = body.toString('utf8');
  // Decoding puts U+FFFD where bytes are wrong; the body may also contain that character itself.
  if (text.indexOf('\ufffd') >= 0 && Buffer.compare(Buffer.from(text), body) !== 0) return null;
  return text;
}

/** njs takes 01, 1. and .5 for numbers; JSON has no such thing. */
function hasLooseNumber(text: string): boolean {
  const loose = /[,:[\s]-?(?:0[0-9]|\.)|[0-9]\.(?![0-9])/;
  if (!loose.test(text)) return false;
  const outside = splitAtStrings(text);
  for (let i = 0; i < outside.length; i += 1) if (loose.test(outside[i] ?? '')) return true;
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (e) {
    return undefined;
  }
}

/** The member of `params` that says what a method is about, for the methods that Mcp-Name mirrors. */
function fieldOf(method: string): string | null {
  if (method === 'tools/call' || method === 'prompts/get') return 'name';
  return method === 'resources/read' ? 'uri' : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Half a surrogate pair, which every parser reads differently, becomes this character here. */
function isClear(text: string): boolean {
  return text.indexOf('\ufffd') < 0;
}

function readMessage(value: unknown, into: ReadBody): BodyProblem | null {
  if (!isObject(value)) return complain('not_a_message', 'a message is a JSON object', 'send JSON-RPC 2.0 messages');
  const method = value.method;
  if (method === undefined) {
    if (value.result === undefined && value.error === undefined)
      return complain(
        'not_a_message',
        'the body has neither method nor result nor error',
        'send JSON-RPC 2.0 messages',
      );
    into.messages.push({ method: null, name: null });
    return null;
  }
  if (typeof method !== 'string' || !isClear(method))
    return complain('not_a_message', 'method is not a readable string', 'send JSON-RPC 2.0 messages');
  into.methods.push(method);
  const field = fieldOf(method);
  if (field === null) {
    into.messages.push({ method: method, name: null });
    return null;
  }
  const params = value.params;
  const given = isObject(params) ? params[field] : undefined;
  const name = typeof given === 'string' && isClear(given) ? given : null;
  if (method === 'tools/call') {
    if (name === null) return complain('tool_missing', 'tools/call names no tool', 'give params.name as a string');
    into.tools.push(name);
  }
  into.messages.push({ method: method, name: name });
  return null;
}

function readVersion(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value.params) || !isObject(value.params._meta)) return undefined;
  const version = value.params._meta[VERSION_KEY];
  return typeof version === 'string' ? version : undefined;
}

function idOf(value: unknown): string | number | null {
  if (!isObject(value)) return null;
  return typeof value.id === 'string' || typeof value.id === 'number' ? value.id : null;
}

function explainUnparsed(text: string): BodyProblem {
  if (isDeeperThan(text, MAX_DEPTH))
    return complain('too_deep', 'the body is nested too deeply', `nest objects and arrays at most ${MAX_DEPTH} deep`);
  return complain('not_json', 'the body is not JSON', 'send one JSON-RPC 2.0 message in UTF-8');
}

/**
 * Reads a POST's body as the gate must know it (DESIGN §6.3): every message's method, and the tools it calls. Gives what is wrong instead
 * when backends could read it differently from the gate, or not at all.
 */
export function readBody(body: Buffer | undefined): ReadBody | BodyProblem {
  if (body === undefined || body.length === 0)
    return complain('body_missing', 'the body is empty', 'send one JSON-RPC 2.0 message in UTF-8');
  const text = decode(body);
  if (text === null) return complain('not_utf8', 'the body is not UTF-8', 'encode the body in UTF-8');
  if (text.charCodeAt(0) === 0xfeff)
    return complain('byte_order_mark', 'the body begins with a byte order mark', 'send UTF-8 without one');
  if (hasTooManyMembers(text))
    return complain(
      'too_many_members',
      'the body has too many members',
      `send at most ${MAX_MEMBERS} array elements and object members in one body`,
    );
  const value = parse(text);
  if (value === undefined || typeof value !== 'object' || value === null) return explainUnparsed(text);
  // Most clients write JSON as JSON.stringify does: then the text is JSON with each key once, and needs no further look. In njs that takes
  // long for long texts.
  const isPlain = text.length <= MAX_PLAIN && JSON.stringify(value) === text;
  if (!isPlain && hasLooseNumber(text)) return explainUnparsed(text);
  const read: ReadBody = { id: idOf(value), messages: [], methods: [], tools: [], version: undefined };
  const problem =
    !isPlain && hasKeyTwice(text, value)
      ? complain('key_twice', 'an object of the body has a key twice', 'name each key once in an object')
      : readMessages(value, read);
  if (problem === null) return read;
  problem.id = read.id;
  return problem;
}

function readMessages(value: object, read: ReadBody): BodyProblem | null {
  if (!Array.isArray(value)) {
    read.version = readVersion(value);
    return readMessage(value, read);
  }
  if (value.length === 0)
    return complain('not_a_message', 'the batch is empty', 'send at least one JSON-RPC 2.0 message');
  for (let i = 0; i < value.length; i += 1) {
    const problem = readMessage(value[i], read);
    if (problem !== null) return problem;
  }
  return null;
}

/** Bodies of refused calls are looked at for their id up to this size. */
const MAX_LOOK_BYTES = 65536;

/** The id of the request in a body that is not judged; null where it cannot be told cheaply. */
export function readId(body: Buffer | undefined): string | number | null {
  if (body === undefined || body.length === 0 || body.length > MAX_LOOK_BYTES) return null;
  return idOf(parse(body.toString('utf8')));
}
