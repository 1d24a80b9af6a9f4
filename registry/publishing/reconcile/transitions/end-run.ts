import type { Effect } from '../effects.ts';
import { findOutcome } from '../select.ts';
import type { Live, PublishState, Run } from '../state.ts';
import { addCause, type Transition } from './transition.ts';

const STOPPING = 'The registry is stopping; the change is stored and is published at its next start';

/** How a run ended. */
interface RunResult {
  live: Live | null;
  /** The generation that was created or rolled back to; null if none was. */
  number: number | null;
  /** The revision that was to become live. */
  revision: number;
  /** Null when `live` renders `revision` and was verified. */
  problem: string | null;
}

/** The causes of a run as one text; the first three by name. */
export function describeCauses({ causes }: Pick<Run, 'causes'>): string {
  const shown = causes.slice(0, 3).join(', ');
  return causes.length > 3 ? `${shown} and ${causes.length - 3} more` : shown;
}

function takeFailure(state: PublishState, result: RunResult, message: string): Transition {
  const { number, revision } = result;
  const isNew = state.failure?.message !== message || number !== null;
  const failed = { ...state, failures: state.failures + 1, failure: { revision, number, message } };
  return [failed, isNew ? [{ type: 'announceFailed', number, revision, message }] : []];
}

function takeSuccess(state: PublishState, run: Run, live: Live, result: RunResult, atMs: number): Transition {
  const published: Effect = {
    type: 'announcePublished',
    live,
    cause: describeCauses(run),
    tookMs: Math.round(atMs - run.startedAtMs),
    isNew: result.number !== null,
  };
  return [{ ...state, failures: 0, failure: null, mustPublish: false }, [published]];
}

/** The run has a result: it is announced, and the drain flag is cleared before waiters are answered. */
export function endRun(state: PublishState, run: Run, result: RunResult, atMs: number): Transition {
  const { live, problem } = result;
  const ended: PublishState = {
    ...state,
    live,
    hasEndedOnce: state.hasEndedOnce || !state.nginx.isAbsent,
    run: { ...run, step: 'loweringFlag' },
  };
  const [next, effects] =
    problem === null && live !== null
      ? takeSuccess(ended, run, live, result, atMs)
      : takeFailure(ended, result, problem ?? 'It is unknown what NGINX serves');
  return [next, [...effects, { type: 'lowerFlag' }]];
}

function answerWaiters(state: PublishState): Transition {
  const answered = state.waiters.map((waiter) => ({ waiter, outcome: findOutcome(state, waiter) }));
  const waiters = answered.filter(({ outcome }) => outcome === null).map(({ waiter }) => waiter);
  const effects = answered.flatMap(({ waiter: { id }, outcome }): Effect[] =>
    outcome === null ? [] : [{ type: 'answer', id, outcome }],
  );
  return [{ ...state, waiters }, effects];
}

function answerRollback(state: PublishState, run: Run, atMs: number): Transition {
  const problem = state.failure?.message ?? null;
  const effects = run.rollbackWaiters.map(({ id, number }): Effect => {
    const overtaken = number === run.target ? null : 'Another change came first';
    return { type: 'answerRollback', id, problem: overtaken ?? problem };
  });
  const isRefused = problem !== null && run.target !== null && run.target === state.rollbackTarget;
  // The requester is notified of the failure, so the stored configuration is published again. At a restart there is no requester: it is retried.
  const endsRollback = isRefused && run.rollbackWaiters.some(({ number }) => number === run.target);
  if (!endsRollback) return [state, effects];
  return [addCause({ ...state, isRollbackEnding: true }, 'Rollback failed', atMs), effects];
}

/** The drain flag is down: callers are answered, old generations are removed. */
export function startTidying(state: PublishState, run: Run, atMs: number): Transition {
  const [answered, outcomes] = answerWaiters(state);
  const [next, rollbacks] = answerRollback(answered, run, atMs);
  const tidy: Effect = { type: 'tidy', needed: [next.live?.number ?? null, next.rollbackTarget] };
  return [{ ...next, run: { ...run, step: 'tidying' } }, [...outcomes, ...rollbacks, tidy]];
}

/** Nothing is published any more: all waiters are notified. */
export function close(state: PublishState): Transition {
  const outcome = { applied: false, generation: null, error: STOPPING };
  const effects: Effect[] = [
    { type: 'stopTimer' },
    ...state.waiters.map(({ id }): Effect => ({ type: 'answer', id, outcome })),
    ...state.rollbackWaiters.map(({ id }): Effect => ({ type: 'answerRollback', id, problem: STOPPING })),
    ...state.idleWaiters.map((id): Effect => ({ type: 'answerIdle', id })),
  ];
  const none = { timer: null, run: null, causes: [], waiters: [], rollbackWaiters: [], idleWaiters: [] };
  return [{ ...state, ...none, lifecycle: 'closed' }, effects];
}

/** Adds a caller that waits until a revision is live; answered at once if the outcome is known. */
export function wait(state: PublishState, id: number, revision: number, serverId: string | undefined): Transition {
  const waiter = { id, revision, serverId };
  const known = findOutcome(state, waiter);
  const stopping = state.lifecycle === 'closed' ? { applied: false, generation: null, error: STOPPING } : null;
  const outcome = known ?? stopping;
  if (outcome !== null) return [state, [{ type: 'answer', id, outcome }]];
  return [{ ...state, waiters: [...state.waiters, waiter] }, []];
}
