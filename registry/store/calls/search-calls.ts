import type Database from 'better-sqlite3';
import { statusRange, type CallFilter, type CallView } from '../../contract/index.ts';
import { toCall, type CallRow } from './call-table.ts';

/** Position where a page continues: calls that ended at this time (epoch milliseconds) with a smaller id, or earlier. */
export interface CallCursor {
  timeMs: number;
  id: number;
}

export interface CallSearch {
  filter: CallFilter;
  /** Epoch milliseconds: from, inclusive. */
  fromMs: number;
  before: CallCursor;
  limit: number;
  /** Time after which the search returns what it has found. */
  budgetMs: number;
}

export interface FoundCalls {
  /** Newest first. */
  calls: CallView[];
  /** Where to continue; null: everything since `fromMs` was searched. */
  next: CallCursor | null;
}

const FIRST_WINDOW_MS = 10 * 60_000;

interface Condition {
  sql: string;
  values: unknown[];
}

/** The conditions of a filter, as SQL with placeholders. */
function listConditions({
  agent,
  server,
  tool,
  verdict,
  status,
  toolError,
  minMs,
  trace,
  requestId,
}: CallFilter): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: unknown[]) => conditions.push({ sql, values });
  if (agent !== undefined) add('agent = ?', agent);
  if (server !== undefined) add('server = ?', server);
  if (verdict !== undefined) add('verdict = ?', verdict);
  if (toolError !== undefined) add('tool_error = ?', toolError === 'true' ? 1 : 0);
  if (minMs !== undefined) add('duration_ms >= ?', minMs);
  if (trace !== undefined) add('trace = ?', Buffer.from(trace, 'hex'));
  if (requestId !== undefined) add('request_id = ?', Buffer.from(requestId, 'hex'));
  if (tool !== undefined) add('EXISTS (SELECT 1 FROM json_each(tools) WHERE value = ?)', tool);
  if (status !== undefined) {
    const [least, most] = statusRange(status);
    // Written out, so that the partial index of failed calls is used.
    if (least >= 400) add('status >= 400');
    add('status BETWEEN ? AND ?', least, most);
  }
  return conditions;
}

/**
 * Finds calls, newest first. Searches time windows that double in length, so that a search without matches ends after `budgetMs` instead of
 * reading the whole table.
 */
export function searchCalls(db: Database.Database, search: CallSearch): FoundCalls {
  const conditions = listConditions(search.filter);
  const where = conditions.map(({ sql }) => ` AND ${sql}`).join('');
  const values = conditions.flatMap((condition) => condition.values);
  const select = db.prepare<unknown[], CallRow>(
    `SELECT * FROM calls WHERE time_ms >= ? AND time_ms <= ? AND (time_ms < ? OR id < ?)${where} ORDER BY time_ms DESC, id DESC LIMIT ?`,
  );
  const first = db.prepare<[], number | null>('SELECT min(time_ms) FROM calls').pluck().get() ?? Infinity;
  const last = db.prepare<[], number | null>('SELECT max(time_ms) FROM calls').pluck().get() ?? 0;
  const fromMs = Math.max(search.fromMs, first);
  const calls: CallView[] = [];
  const endMs = performance.now() + search.budgetMs;
  // Ids are found by an index; a time window would not make that cheaper.
  const isById = search.filter.trace !== undefined || search.filter.requestId !== undefined;
  let windowMs = isById ? Infinity : FIRST_WINDOW_MS;
  let before = search.before.timeMs > last ? { timeMs: last, id: Number.MAX_SAFE_INTEGER } : search.before;
  while (before.timeMs >= fromMs) {
    const leastMs = Math.max(fromMs, before.timeMs - windowMs);
    const remaining = search.limit - calls.length;
    const rows = select.all(leastMs, before.timeMs, before.timeMs, before.id, ...values, remaining);
    calls.push(...rows.map(toCall));
    const end = rows.at(-1);
    if (end !== undefined && rows.length === remaining) return { calls, next: { timeMs: end.time_ms, id: end.id } };
    before = { timeMs: leastMs - 1, id: Number.MAX_SAFE_INTEGER };
    windowMs *= 2;
    if (performance.now() > endMs && before.timeMs >= fromMs) return { calls, next: before };
  }
  return { calls, next: null };
}
