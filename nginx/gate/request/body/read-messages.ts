import type { Refusal } from '../../answers/refusal.ts';
import { scanBody, SCAN_LIMITS, type Message } from '../../json/scan/index.ts';
import { hashSeed } from '../../worker/start/seed.ts';

/** What the gate must know of a body. */
export interface Messages {
  /** The request's id as the client wrote it; undefined: the body is not one request, or has none. */
  id: string | undefined;
  /** The methods of its messages, responses left out. */
  methods: string[];
  /** Names of the tools that are called. */
  tools: string[];
  /** Names of prompts that are requested. */
  prompts: string[];
  /** URIs of resources that are read or subscribed to. */
  resources: string[];
  /** All messages, for the rules. */
  all: readonly Message[];
  /** The revision that the message names; undefined for a batch. */
  version: string | undefined;
}

/** What a body contains, or why it is refused; and the memory that Lua's collector can free after reading it. */
export interface ReadMessages {
  messages: Messages | undefined;
  refusal: Refusal | undefined;
  garbageKb: number;
}

const LIMITS = { ...SCAN_LIMITS, hashSeed: 0 };

/** In place of each list that is empty: most of them are. */
const NONE: string[] = [];

function add(names: string[], name: string): string[] {
  if (names.length === 0) return [name];
  names.push(name);
  return names;
}

/** Notes what a message uses, for the log. */
function noteNames(messages: Messages, { method, name, uri, uris }: Message): void {
  if (method === 'tools/call') {
    if (name !== undefined) messages.tools = add(messages.tools, name);
  } else if (method === 'prompts/get') {
    if (name !== undefined) messages.prompts = add(messages.prompts, name);
  } else if (method === 'subscriptions/listen') {
    for (const resource of uris ?? NONE) messages.resources = add(messages.resources, resource);
  } else if (uri !== undefined && method?.startsWith('resources/') === true)
    messages.resources = add(messages.resources, uri);
}

function noteMessage(messages: Messages, message: Message): void {
  const { method } = message;
  if (method === undefined) return;
  messages.methods = add(messages.methods, method);
  noteNames(messages, message);
}

/** Reads the body of a POST. */
export function readMessages(body: string): ReadMessages {
  LIMITS.hashSeed = hashSeed();
  const read = scanBody(body, LIMITS);
  const { id, garbageKb } = read;
  if ('reason' in read) {
    const { reason, message, hint } = read;
    return { messages: undefined, refusal: { answer: 'unacceptable', reason, message, hint, id }, garbageKb };
  }
  const version = read.isBatch ? undefined : read.messages[0]?.version;
  const messages: Messages = {
    id,
    methods: NONE,
    tools: NONE,
    prompts: NONE,
    resources: NONE,
    all: read.messages,
    version,
  };
  const [first] = read.messages;
  // Most bodies are one message. LuaJIT compiles no function whose path contains a loop of one iteration.
  if (read.messages.length === 1 && first !== undefined) noteMessage(messages, first);
  else for (const message of read.messages) noteMessage(messages, message);
  return { messages, refusal: undefined, garbageKb };
}
