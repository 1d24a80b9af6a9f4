import type { RejectedServer } from '../../contract/index.ts';
import type { Rejections } from '../generations/rejections.ts';

/** What NGINX was last verified to serve. */
export interface Live {
  number: number;
  revision: number;
  fingerprint: string;
  rejected: readonly RejectedServer[];
}

/** Why the last run failed. */
export interface PublishFailure {
  /** The revision that could not be made live. */
  revision: number;
  /** The generation that failed; null when none was staged. */
  number: number | null;
  message: string;
}

/** One publishing run; its steps follow one another, and there is never more than one run. */
export interface Run {
  step: 'probing' | 'preparing' | 'makingRoom' | 'testing' | 'activating' | 'restoring' | 'loweringFlag' | 'tidying';
  causes: readonly string[];
  /** Servers that NGINX rejected are tried again. */
  isRetry: boolean;
  startedAtMs: number;
  /** The database's revision when the run began: requests until then are notified when it fails. */
  revision: number;
  /** The generation that is rolled back to; null when the database is published. */
  target: number | null;
  /** What becomes live once NGINX is verified to serve it. */
  staged: Live | null;
  /** Generations to go back to, in this order, when the staged one cannot be served. */
  fallbacks: readonly number[];
  /** Why the staged generation is not served. */
  problem: string | null;
  /** Waiters of a rollback that was requested before the run began. */
  rollbackWaiters: readonly RollbackWaiter[];
}

/** A caller that waits until a revision is live. */
export interface Waiter {
  id: number;
  revision: number;
  serverId: string | undefined;
}

/** A caller that waits for a rollback. */
export interface RollbackWaiter {
  id: number;
  number: number;
}

/** When the next run begins: `soon`, when the requests in progress have finished; `quiet`, when no request arrived for a while (debounce). */
export type Timer = { kind: 'soon'; isAnswering: boolean } | { kind: 'quiet' };

/** The state of publishing, on which all decisions are based. */
export interface PublishState {
  lifecycle: 'starting' | 'running' | 'closing' | 'closed';
  live: Live | null;
  failure: PublishFailure | null;
  /** Whether a run has ended since the start. One that found no NGINX does not count: it is repeated when NGINX is running. */
  hasEndedOnce: boolean;
  /** The first run creates a generation even from equal bytes. */
  mustPublish: boolean;
  /** Servers that failed NGINX's test. */
  rejections: Rejections;

  /** Causes of the next run, each once. */
  causes: readonly string[];
  firstRequestedAtMs: number;
  timer: Timer | null;
  /** How many causes the last run had. */
  lastRunSize: number;
  /** Number of changes in progress that will request a publish. */
  changesUnderWay: number;

  run: Run | null;
  /** Failures since the last success or change. */
  failures: number;
  /** When a run last began or a retry was due. */
  triedAtMs: number;
  isRetryNext: boolean;

  rollbackTarget: number | null;
  /** Whether a change was requested since, so that the next run ends the rollback. */
  isRollbackEnding: boolean;

  nginx: {
    seenAtMs: number;
    isAbsent: boolean;
    isBeingChecked: boolean;
    /** Checks in a row that found another generation than the live one. */
    unexpectedAnswers: number;
  };

  waiters: readonly Waiter[];
  rollbackWaiters: readonly RollbackWaiter[];
  idleWaiters: readonly number[];
}

/** The state before recovery. */
export function createInitialState(nowMs: number): PublishState {
  return {
    lifecycle: 'starting',
    live: null,
    failure: null,
    hasEndedOnce: false,
    mustPublish: false,
    rejections: new Map(),
    causes: [],
    firstRequestedAtMs: nowMs,
    timer: null,
    lastRunSize: 0,
    changesUnderWay: 0,
    run: null,
    failures: 0,
    triedAtMs: nowMs,
    isRetryNext: false,
    rollbackTarget: null,
    isRollbackEnding: false,
    nginx: { seenAtMs: nowMs, isAbsent: false, isBeingChecked: false, unexpectedAnswers: 0 },
    waiters: [],
    rollbackWaiters: [],
    idleWaiters: [],
  };
}
