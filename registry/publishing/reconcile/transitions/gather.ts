import type { PublishState } from '../state.ts';
import { startRun } from './start-run.ts';
import { addCause, type ReconcileTiming, type Transition } from './transition.ts';

/** This many changes at once are a burst: more will follow, and each reload costs more than waiting for them. */
const BURST = 5;
/**
 * Factors by which a burst is gathered for longer. On a busy machine fifty changes that are requested at once take seconds to arrive; and a
 * caller that was just answered sends its next change a little later.
 */
const PATIENCE = { quiet: 8, answering: 4, longest: 16 };

function chooseWaitMs(state: PublishState, timing: ReconcileTiming, isAnswering: boolean, atMs: number): number {
  const { quietMs, longestMs } = timing;
  const isBurst = state.causes.length >= BURST || state.lastRunSize >= BURST;
  const remainingMs = Math.max(0, state.firstRequestedAtMs + longestMs * (isBurst ? PATIENCE.longest : 1) - atMs);
  if (state.changesUnderWay > 0) return Math.min(quietMs * (isBurst ? PATIENCE.quiet : 1), remainingMs);
  return isBurst ? Math.min(quietMs * (isAnswering ? PATIENCE.answering : 1), remainingMs) : 0;
}

function schedule(state: PublishState, isAnswering: boolean): Transition {
  if (state.timer?.kind === 'soon') return [state, []];
  // The requester's own change is still in progress; in a moment it no longer counts.
  return [{ ...state, timer: { kind: 'soon', isAnswering } }, [{ type: 'startTimer', afterMs: 0 }]];
}

/** Handles a request to publish. All requests until a run begins are combined into it. */
export function requestPublish(state: PublishState, cause: string, atMs: number): Transition {
  if (state.lifecycle === 'closing' || state.lifecycle === 'closed') return [state, []];
  const requested = addCause(state, cause, atMs);
  return requested.lifecycle === 'running' && requested.run === null ? schedule(requested, false) : [requested, []];
}

/** The timer fired: a run begins, or is delayed a little longer. */
export function endTimer(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  const { timer } = state;
  if (timer === null || state.run !== null || state.lifecycle !== 'running') return [{ ...state, timer: null }, []];
  const waitMs = timer.kind === 'quiet' ? 0 : chooseWaitMs(state, timing, timer.isAnswering, atMs);
  if (waitMs > 0) return [{ ...state, timer: { kind: 'quiet' } }, [{ type: 'startTimer', afterMs: waitMs }]];
  return startRun({ ...state, timer: null }, timing, atMs);
}

/** A run has ended and more was requested meanwhile. */
export function gatherAfterRun(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  // Requests that arrived during the run have waited long enough. Only a burst is gathered: its callers were just answered and send the next changes.
  const firstRequestedAtMs =
    state.lastRunSize >= BURST ? atMs : Math.max(state.firstRequestedAtMs, atMs - timing.longestMs + timing.quietMs);
  return schedule({ ...state, firstRequestedAtMs }, true);
}
