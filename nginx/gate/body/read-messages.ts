import type { Refusal } from '../answers/refusal.ts';
import { scanBody, SCAN_LIMITS, type Message } from '../scan/index.ts';
import { hashSeed } from '../start/seed.ts';
import type { HeaderFields } from './match-headers.ts';

/** What the gate must know of a body. */
export interface Messages {
  /** The request's id as the client wrote it; undefined: the body is not one request, or has none. */
  id: string | undefined;
  /** The methods of its messages, responses left out. */
  methods: string[];
  /** Names of the tools that are called. */
  tools: string[];
  /** Names of prompts that are got. */
  prompts: string[];
  /** URIs of resources that are read or subscribed to. */
  resources: string[];
  headerFields: HeaderFields[];
  /** All of it, for the rules. */
  all: readonly Message[];
  /** The revision that the first message names; a batch names none. */
  version: string | undefined;
}

/** What a body says, or why it is refused; and what reading it left to Lua's collector. */
export interface ReadMessages {
  messages: Messages | undefined;
  refusal: Refusal | undefined;
  garbageKb: number;
}

const LIMITS = { ...SCAN_LIMITS, hashSeed: 0 };

/** The field that `Mcp-Name` repeats, for the methods that have one. */
function nameOfHeader({ method, name, uri }: Message): string | undefined {
  if (method === 'tools/call' || method === 'prompts/get') return name;
  return method === 'resources/read' ? uri : undefined;
}

const noNames = () => ({ tools: [], prompts: [], resources: [] });

/** Notes what a message uses, for the log. */
function noteNames(messages: Messages, { method, name, uri, uris }: Message): void {
  if (method === 'tools/call') {
    if (name !== undefined) messages.tools.push(name);
  } else if (method === 'prompts/get') {
    if (name !== undefined) messages.prompts.push(name);
  } else if (method === 'subscriptions/listen') {
    for (const one of uris ?? []) messages.resources.push(one);
  } else if (uri !== undefined && method?.startsWith('resources/') === true) messages.resources.push(uri);
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
  const messages: Messages = { id, methods: [], ...noNames(), headerFields: [], all: read.messages, version };
  for (const message of read.messages) {
    const { method } = message;
    if (method === undefined) continue;
    messages.methods.push(method);
    noteNames(messages, message);
    messages.headerFields.push({ method, name: nameOfHeader(message) });
  }
  return { messages, refusal: undefined, garbageKb };
}
