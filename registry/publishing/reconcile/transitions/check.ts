import type { PublishState } from '../state.ts';
import { requestPublish } from './gather.ts';
import { chain, type ReconcileTiming, type Transition } from './transition.ts';

/** Backoff of repeated failures: each attempt may cost a reload. */
const MAX_RETRY_MS = 600_000;
/** One unexpected answer may be a reload that is still in progress. */
const MAX_UNEXPECTED_ANSWERS = 2;

/** Whether no publish is running or pending. */
export function isIdle(state: PublishState): boolean {
  return state.lifecycle !== 'starting' && state.run === null && state.causes.length === 0;
}

/** Starts a check of NGINX, unless a run does so anyway. */
export function startCheck(state: PublishState): Transition {
  if (!isIdle(state) || state.lifecycle !== 'running' || state.nginx.isBeingChecked) return [state, []];
  const checking = { ...state, nginx: { ...state.nginx, isBeingChecked: true } };
  return [checking, [{ type: 'check', probesServed: state.live !== null }]];
}

function retryFailed(state: PublishState, { retryMs }: ReconcileTiming, atMs: number): Transition {
  const waitMs = Math.min(retryMs * 2 ** Math.max(0, state.failures - 1), MAX_RETRY_MS);
  if (atMs - state.triedAtMs < waitMs) return [state, []];
  if (state.failure === null && state.rejections.size === 0) return [state, []];
  return requestPublish({ ...state, triedAtMs: atMs, isRetryNext: true }, 'Retry', atMs);
}

/** NGINX may have been restarted with another generation, or be running again; a failed run may succeed now. */
export function takeCheck(
  state: PublishState,
  checked: { isRunning: boolean; served: number | null },
  timing: ReconcileTiming,
  atMs: number,
): Transition {
  const { isRunning, served } = checked;
  const seenAtMs = isRunning ? atMs : state.nginx.seenAtMs;
  const seen: PublishState = { ...state, nginx: { ...state.nginx, seenAtMs, isBeingChecked: false } };
  if (!isIdle(seen)) return [seen, []];
  if (isRunning && seen.nginx.isAbsent)
    return requestPublish({ ...seen, nginx: { ...seen.nginx, isAbsent: false } }, 'NGINX runs again', atMs);
  const isUnexpected = served !== null && served !== seen.live?.number;
  const unexpectedAnswers = isUnexpected ? seen.nginx.unexpectedAnswers + 1 : 0;
  const counted: PublishState = { ...seen, nginx: { ...seen.nginx, unexpectedAnswers } };
  const first: Transition =
    unexpectedAnswers < MAX_UNEXPECTED_ANSWERS
      ? [counted, []]
      : requestPublish(counted, `NGINX serves generation ${served ?? 0}`, atMs);
  return chain(first, (next) => retryFailed(next, timing, atMs));
}
