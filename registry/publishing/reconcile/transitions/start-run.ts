import type { Effect } from '../effects.ts';
import type { Probed } from '../events.ts';
import type { PublishState, Run } from '../state.ts';
import { describeCauses, endRun } from './end-run.ts';
import type { ReconcileTiming, Transition } from './transition.ts';

/** Begins a run with everything that was requested. */
export function startRun(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  const { causes, isRollbackEnding } = state;
  if (causes.length === 0) return [state, []];
  const target = isRollbackEnding ? null : state.rollbackTarget;
  const run: Run = {
    step: 'probing',
    causes,
    isRetry: state.isRetryNext,
    startedAtMs: atMs,
    revision: 0,
    target,
    staged: null,
    fallbacks: [],
    problem: null,
    rollbackWaiters: state.rollbackWaiters,
  };
  const started: PublishState = {
    ...state,
    run,
    causes: [],
    lastRunSize: causes.length,
    isRetryNext: false,
    triedAtMs: atMs,
    failures: isRollbackEnding ? 0 : state.failures,
    rollbackTarget: target,
    isRollbackEnding: false,
    rollbackWaiters: [],
  };
  const probe: Effect = {
    type: 'probe',
    waitUntilMs: state.nginx.seenAtMs + timing.startLimitMs,
    live: state.live?.number ?? null,
    clearsRollback: isRollbackEnding && state.rollbackTarget !== null,
  };
  return [started, [probe]];
}

function prepare(state: PublishState, run: Run, isRoomMade: boolean): Transition {
  const request = {
    cause: describeCauses(run),
    live: state.live,
    isRetry: run.isRetry,
    rejections: state.rejections,
    isRoomMade,
    lastProblem: state.failure?.message ?? null,
  };
  return [{ ...state, run: { ...run, step: 'preparing' } }, [{ type: 'prepare', request }]];
}

function listFallbacks(live: number | null, verified: number | null): number[] {
  return [...new Set([live ?? verified ?? 0, 0])];
}

/** Handles the result of the probe of NGINX. */
export function takeProbe(
  state: PublishState,
  run: Run,
  probed: { revision: number; nginx: Probed | null; absence: string },
  atMs: number,
): Transition {
  const { revision, nginx } = probed;
  const counted = { ...run, revision };
  if (nginx === null) {
    const absent = { ...state, live: null, nginx: { ...state.nginx, isAbsent: true } };
    return endRun(absent, counted, { live: null, number: null, revision, problem: probed.absence }, atMs);
  }
  const isKnown = state.live !== null && nginx.served === state.live.number;
  const live = isKnown ? state.live : state.mustPublish ? null : nginx.known;
  const found: PublishState = { ...state, live, nginx: { ...state.nginx, isAbsent: false, seenAtMs: atMs } };
  const ready = { ...counted, fallbacks: listFallbacks(live?.number ?? null, nginx.verified) };
  if (ready.target === null) return prepare(found, ready, false);
  if (live?.number === ready.target)
    return endRun(found, ready, { live, number: null, revision: live.revision, problem: null }, atMs);
  return makeRoom(found, ready);
}

/** The maximum number of generations is draining: waits for the oldest, then ends it. */
export function makeRoom(state: PublishState, run: Run): Transition {
  return [{ ...state, run: { ...run, step: 'makingRoom' } }, [{ type: 'makeRoom' }]];
}

/** One more generation may drain now. Changes may have arrived meanwhile, so the database is read again. */
export function takeRoom(state: PublishState, run: Run): Transition {
  if (run.target === null) return prepare(state, run, true);
  return [{ ...state, run: { ...run, step: 'testing' } }, [{ type: 'testRollback', number: run.target }]];
}
