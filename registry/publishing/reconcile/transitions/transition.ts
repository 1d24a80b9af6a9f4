import type { Effect } from '../effects.ts';
import type { PublishState } from '../state.ts';

/** Timing on which the decisions of the reducer depend. */
export interface ReconcileTiming {
  /** While more are in progress, changes are collected until none arrived for `quietMs`, at most for `longestMs`. */
  quietMs: number;
  longestMs: number;
  /** How often rejected servers and failed runs are retried. */
  retryMs: number;
  /** How long to wait for an NGINX that is being started. */
  startLimitMs: number;
}

/** The next state and the effects. */
export type Transition = readonly [PublishState, readonly Effect[]];

/** Applies one transition after another, collecting their effects. */
export function chain(first: Transition, ...next: ((state: PublishState) => Transition)[]): Transition {
  return next.reduce<Transition>(([state, effects], step) => {
    const [after, more] = step(state);
    return [after, [...effects, ...more]];
  }, first);
}

/** Adds a cause to those of the next run. */
export function addCause(state: PublishState, cause: string, atMs: number): PublishState {
  const firstRequestedAtMs = state.causes.length === 0 ? atMs : state.firstRequestedAtMs;
  return { ...state, firstRequestedAtMs, causes: [...new Set([...state.causes, cause])] };
}
