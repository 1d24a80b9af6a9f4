import type { PublishState } from '../state.ts';
import { startRun } from './start-run.ts';
import { addCause, type ReconcileTiming, type Transition } from './transition.ts';

/** So many changes at once are a burst: more are on their way, and each reload costs more than waiting for them. */
const BURST = 5;
/**
 * How many times longer a burst is gathered. On a busy machine fifty changes that are asked for at once take seconds to arrive; and a caller
 * that was just answered sends its next change a little later.
 */
const PATIENCE = { quiet: 8, answering: 4, longest: 16 };

function chooseWaitMs(state: PublishState, timing: ReconcileTiming, isAnswering: boolean, atMs: number): number {
  const { quietMs, longestMs } = timing;
  const isBurst = state.causes.length >= BURST || state.lastRunSize >= BURST;
  const leftMs = Math.max(0, state.firstRequestedAtMs + longestMs * (isBurst ? PATIENCE.longest : 1) - atMs);
  if (state.changesUnderWay > 0) return Math.min(quietMs * (isBurst ? PATIENCE.quiet : 1), leftMs);
  return isBurst ? Math.min(quietMs * (isAnswering ? PATIENCE.answering : 1), leftMs) : 0;
}

function schedule(state: PublishState, isAnswering: boolean): Transition {
  if (state.timer?.kind === 'soon') return [state, []];
  // The requester's own change is still in progress; in a moment it no longer counts.
  return [{ ...state, timer: { kind: 'soon', isAnswering } }, [{ type: 'startTimer', afterMs: 0 }]];
}

/** A publish is requested. All requests until a run begins are that one run. */
export function requestPublish(state: PublishState, cause: string, atMs: number): Transition {
  if (state.lifecycle === 'closing' || state.lifecycle === 'closed') return [state, []];
  const asked = addCause(state, cause, atMs);
  return asked.lifecycle === 'running' && asked.run === null ? schedule(asked, false) : [asked, []];
}

/** The timer fired: a run begins, or is waited for a little longer. */
export function endTimer(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  const { timer } = state;
  if (timer === null || state.run !== null || state.lifecycle !== 'running') return [{ ...state, timer: null }, []];
  const waitMs = timer.kind === 'quiet' ? 0 : chooseWaitMs(state, timing, timer.isAnswering, atMs);
  if (waitMs > 0) return [{ ...state, timer: { kind: 'quiet' } }, [{ type: 'startTimer', afterMs: waitMs }]];
  return startRun({ ...state, timer: null }, timing, atMs);
}

/** A run has ended and more was requested meanwhile. */
export function gatherAfterRun(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  // What came during the run has waited long enough. Only a burst is gathered: its callers were just answered and send the next changes.
  const firstRequestedAtMs =
    state.lastRunSize >= BURST ? atMs : Math.max(state.firstRequestedAtMs, atMs - timing.longestMs + timing.quietMs);
  return schedule({ ...state, firstRequestedAtMs }, true);
}
