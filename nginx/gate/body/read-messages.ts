import { scan } from 'platform/proto-scan';
import type { Refusal } from '../answers/refusal.ts';
import type { Mirrored } from './mirrors.ts';

/** What the gate must know of a body. */
export interface Messages {
  /** The request's id as the client wrote it; undefined: the body is not one request, or has none. */
  id: string | undefined;
  /** The methods of its messages, responses left out. */
  methods: string[];
  /** Names of the tools that are called. */
  tools: string[];
  mirrored: Mirrored[];
  version: string | undefined;
}

export function readMessages(body: string): { messages: Messages; refusal?: undefined } | { messages?: undefined; refusal: Refusal } {
  const [problem, read] = scan(body);
  if (problem !== undefined) return { refusal: { answer: 'unacceptable', reason: problem, message: problem + ' is wrong', hint: 'send one JSON-RPC 2.0 message in UTF-8', id: read.id } };
  const messages: Messages = { id: read.id, methods: [], tools: [], mirrored: [], version: read.version };
  for (let i = 0; i < read.count; i += 1) {
    const m = read.methods[i]; const n = read.names[i];
    if (m === false || m === undefined) continue;
    messages.methods.push(m);
    if (m === 'tools/call' && typeof n === 'string') messages.tools.push(n);
    messages.mirrored.push({ method: m, name: typeof n === 'string' ? n : undefined });
  }
  return { messages };
}
