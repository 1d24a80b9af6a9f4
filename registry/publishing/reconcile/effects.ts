import type { Rejections } from '../generations/rejections.ts';
import type { Live } from './state.ts';

/** Outcome of a change that a caller waits for. */
export interface ChangeOutcome {
  applied: boolean;
  generation: number | null;
  error: string | null;
}

/** Input of `prepare`. */
export interface PrepareRequest {
  cause: string;
  /** What NGINX serves, or null if unknown: then equal bytes are published anyway. */
  live: Live | null;
  /** Retry servers that NGINX rejected. */
  isRetry: boolean;
  rejections: Rejections;
  /** Whether the wait for draining workers has already happened. */
  isRoomMade: boolean;
  /** Why the previous run failed, or null: the same failure is not recorded twice. */
  lastProblem: string | null;
}

/** An effect of the reducer. A step of a run results in one StepEvent. */
export type Effect =
  | { type: 'startTimer'; afterMs: number }
  | { type: 'stopTimer' }
  /** Waits for NGINX until `waitUntilMs`; `live` is the generation that it is believed to serve. */
  | { type: 'probe'; waitUntilMs: number; live: number | null; clearsRollback: boolean }
  | { type: 'prepare'; request: PrepareRequest }
  | { type: 'makeRoom' }
  | { type: 'testRollback'; number: number }
  | { type: 'activate'; staged: Live; served: number | null; startedAtMs: number }
  | { type: 'restore'; number: number; served: number | null }
  | { type: 'recordFailure'; number: number; problem: string; startedAtMs: number }
  | { type: 'lowerFlag' }
  /** Deletes old generations except those in `needed`. */
  | { type: 'tidy'; needed: readonly (number | null)[] }
  | { type: 'check'; probesServed: boolean }
  | { type: 'answer'; id: number; outcome: ChangeOutcome }
  /** `problem` is null when the rollback is live. */
  | { type: 'answerRollback'; id: number; problem: string | null }
  | { type: 'answerIdle'; id: number }
  | { type: 'announcePublished'; live: Live; cause: string; tookMs: number; isNew: boolean }
  | { type: 'announceFailed'; number: number | null; revision: number; message: string };
