import type { BodyProblem } from '../types.ts';

// What a body contains, by JSON.parse and a check of its tokens: slow and simple. For tests of bodies within the limits.

const KNOWN: Record<string, string[]> = {
  message: ['jsonrpc', 'id', 'method', 'params', 'result', 'error'],
  params: ['name', 'arguments', 'uri', '_meta', 'ref', 'task', 'notifications'],
  meta: ['io.modelcontextprotocol/protocolVersion'],
  ref: ['type', 'name', 'uri'],
  filter: ['resourceSubscriptions'],
};
const CHILD: Record<string, Record<string, string>> = {
  message: { params: 'params' },
  params: { _meta: 'meta', ref: 'ref', notifications: 'filter' },
};
const SKIPPED = /[ \-_\ufffd]/g;

function foldName(name: string): string {
  const ended = name.split('\0')[0] ?? '';
  return ended
    .replace(/\u017f/g, 's')
    .replace(/\u212a/g, 'k')
    .replace(/[\u0130\u0131]/g, 'i')
    .toLowerCase();
}

function isLoose(key: string, known: string): boolean {
  const folded = foldName(key);
  if (!known.startsWith('_')) return folded.replace(SKIPPED, '') === known.replace(SKIPPED, '').toLowerCase();
  return SKIPPED[Symbol.match](folded.charAt(0)) !== null && folded.replace(SKIPPED, '') === known.slice(1);
}

function decodeStrictly(body: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'latin1'));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Value = Record<string, unknown>;
const isObject = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const clear = (value: unknown) =>
  typeof value === 'string' && !value.toWellFormed().includes('\ufffd') ? value : undefined;

interface Open {
  role: string;
  keys: Set<string>;
  key: string;
}

/** 'key_twice' or 'member_ambiguous', by the tokens of a valid JSON text; the former takes precedence. */
function findBadKey(text: string): BodyProblem | undefined {
  const stack: Open[] = [];
  let found: BodyProblem | undefined;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  for (const [i, token] of tokens.entries()) {
    const top = stack.at(-1);
    if (token === '{' || token === '[') {
      let role = token === '{' ? 'message' : 'batch';
      if (top !== undefined)
        role = token === '[' ? 'other' : top.role === 'batch' ? 'message' : (CHILD[top.role]?.[top.key] ?? 'other');
      stack.push({ role, keys: new Set(), key: '' });
    } else if (token === '}' || token === ']') stack.pop();
    else if (tokens[i + 1] === ':' && top !== undefined) {
      const key = (JSON.parse(token) as string).toWellFormed();
      if (top.keys.has(key)) return 'key_twice';
      top.keys.add(key);
      top.key = key;
      const known = KNOWN[top.role] ?? [];
      if (!known.includes(key) && known.some((name) => isLoose(key, name))) found = 'member_ambiguous';
    }
  }
  return found;
}

function judgeMessage(value: unknown): BodyProblem | undefined {
  if (!isObject(value)) return 'not_a_message';
  if (value['method'] === undefined)
    return value['result'] === undefined && value['error'] === undefined ? 'not_a_message' : undefined;
  const method = clear(value['method']);
  if (method === undefined) return 'not_a_message';
  const params = value['params'];
  return method === 'tools/call' && clear(isObject(params) ? params['name'] : undefined) === undefined
    ? 'tool_missing'
    : undefined;
}

/** Every reason for which the body may be refused; empty: it must be accepted. */
export function judgeSlowly(body: string): BodyProblem[] {
  if (body === '') return ['body_missing'];
  const text = decodeStrictly(body);
  if (text === undefined) return ['not_utf8', 'not_json', 'byte_order_mark'];
  if (text.startsWith('\ufeff')) return ['byte_order_mark'];
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return ['not_json'];
  const bad = findBadKey(text);
  if (bad === 'key_twice') return [bad];
  const messages = Array.isArray(value) ? (value as unknown[]) : [value];
  const problems = messages.map(judgeMessage).filter((problem) => problem !== undefined);
  if (messages.length === 0) problems.push('not_a_message');
  if (bad !== undefined) problems.push(bad);
  return problems;
}

/** The methods, names, URIs and versions of the messages of a body that must be accepted, in UTF-8. */
export function listContents(body: string): (string | undefined)[][] {
  const value = JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Value | Value[];
  const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text).toString('latin1'));
  return (Array.isArray(value) ? value : [value]).map((message) => {
    const params = isObject(message['params']) ? message['params'] : {};
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    const version = clear(meta['io.modelcontextprotocol/protocolVersion']);
    return [clear(message['method']), clear(params['name']), clear(params['uri']), version].map(bytes);
  });
}
