import { dropKeys, resetKeys } from './keys/index.ts';
import { draft } from './message.ts';
import { dropReading, reading, startReading } from './reading.ts';
import { explainProblem } from './explain-problem.ts';
import type { BodyProblem, Limits, ScanResult } from './types.ts';
import { walk } from './walk.ts';

export { countSteps } from './keys/index.ts';
export type { BodyProblem, BodyRefusal, Limits, Message, ReadBody, ScanResult } from './types.ts';

/** Limits that keep the time for a body of up to 4 MB at or below 150 ms in a worker. The caller adds `hashSeed`. */
export const SCAN_LIMITS = { maxDepth: 128, maxMembers: 200_000, maxEscapedKeys: 50_000, maxMessages: 1000 };

// Not as a literal: the compiler would write each of these bytes as two.
const BYTE_ORDER_MARK = String.fromCharCode(0xef, 0xbb, 0xbf);

function judge(): BodyProblem | undefined {
  if (reading.text.length === 0) return 'body_missing';
  if (reading.text.slice(0, 3) === BYTE_ORDER_MARK) return 'byte_order_mark';
  return walk() ?? reading.problem;
}

function isKnownId(problem: BodyProblem | undefined): boolean {
  // JSON-RPC 2.0, section 5: null if the id could not be detected, as in invalid JSON.
  return problem !== 'not_json' && problem !== 'not_utf8';
}

/**
 * Reads from the body of a POST what the gate needs: every message's method, id, and what it names. Returns a refusal instead when the body
 * is not JSON-RPC in strict JSON and UTF-8, when backends could read it differently from the gate, or when it exceeds the limits.
 * `body`: bytes (see text/bytes.ts).
 */
export function scanBody(body: string, limits: Limits): ScanResult {
  startReading(body, limits);
  resetKeys(body, limits.hashSeed, 4 * limits.maxMembers + body.length);
  const problem = judge();
  // A decoded byte takes up to 16 bytes in a table of pieces, which was copied when it grew.
  const garbageKb = (body.length + 8 * reading.decodedBytes + 512 * reading.messages.length) / 1024 + dropKeys();
  const id = reading.isBatch || draft.isIdTwice || !isKnownId(problem) ? undefined : draft.message.id;
  const { messages, isBatch, almost } = reading;
  dropReading();
  if (problem === undefined) return { messages, isBatch, id, garbageKb };
  const { message, hint } = explainProblem(problem, limits, almost);
  return { reason: problem, message, hint, id, garbageKb };
}

// LuaJIT compiles a loop along the path that gets hot first, and all other paths cost more. This call makes that path the one of long texts
// and of most bytes of hostile bodies.
scanBody(`{"method"${' '.repeat(400)}:"${'x'.repeat(4_000)}"}`, { ...SCAN_LIMITS, hashSeed: 0 });
