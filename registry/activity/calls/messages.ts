import type { CallView } from '../../contract/index.ts';
import type { CallSearch, CallSumQuery, CallSums, FoundCalls } from '../../store/index.ts';

/** What the worker is started with. */
export interface CallWorkerData {
  file: string;
  logDir: string;
  pollMs: number;
  /** Calls that ended longer ago are deleted. */
  maxAgeMs: number;
  /** Maximum size of the file; beyond it the oldest calls are deleted. */
  maxBytes: number;
}

/** A request to the worker. Each is answered with its `id`. */
export type CallRequest = { id: number } & (
  { request: 'search'; search: CallSearch } | { request: 'sum'; query: CallSumQuery } | { request: 'readAll' }
);

/** A command to the worker, without a reply: whether to send new calls as they are read, and to end. */
export type CallCommand = { command: 'follow'; isWanted: boolean } | { command: 'close' };

export type CallAnswer =
  | { id: number; found: FoundCalls }
  | { id: number; summed: CallSums }
  | { id: number; read: true }
  | { id: number; error: string }
  | { calls: CallView[]; lines: number }
  | { warning: string; error: string };
