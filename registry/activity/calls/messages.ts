import type { CallView } from '../../contract/index.ts';
import type { CallSearch, FoundCalls } from '../../store/index.ts';

/** What the worker is started with. */
export interface CallWorkerData {
  file: string;
  logDir: string;
  pollMs: number;
  /** Calls that ended longer ago are deleted. */
  maxAgeMs: number;
  /** Of the file; the oldest calls are deleted beyond it. */
  maxBytes: number;
}

/** What the registry asks of the worker. Each is answered with its `id`. */
export type CallRequest = { id: number } & ({ ask: 'search'; search: CallSearch } | { ask: 'readAll' });

/** What the registry tells the worker without an answer: whether new calls are wanted as they are read, and to end. */
export type CallCommand = { command: 'follow'; isWanted: boolean } | { command: 'close' };

export type CallAnswer =
  | { id: number; found: FoundCalls }
  | { id: number; read: true }
  | { id: number; error: string }
  | { calls: CallView[]; lines: number }
  | { warning: string; error: string };
